// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the files in one folder hold its weights: the names that diffusers and transformers use.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mantissa {

/// One way to get all the weights of a folder.
struct WeightSet {
    std::string stem; ///< "diffusion_pytorch_model"
    std::string variant; ///< "fp16", "bf16", "non_ema", …; empty for the plain one
    bool safetensors = true; ///< else PyTorch
    std::string index; ///< name of the index file, if there is one
    std::vector<std::string> files; ///< the single file or the shards, sorted
    std::uint32_t shardsExpected = 0; ///< the N of "-00001-of-N"; 0 for a single file

    /// What a message calls it.
    std::string label() const;
};

/// The sets that these file names form, best first: safetensors before PyTorch, the usual stems before
/// others, plain before variants, then by name. PyTorch files count only under the names of model weights
/// (not optimizer.bin).
std::vector<WeightSet> findWeightSets(std::vector<std::string> fileNames);

/// True if neither is preferable by rule, only by name: then it is for the user to choose.
bool equallyGood(const WeightSet& a, const WeightSet& b);

} // namespace mantissa
