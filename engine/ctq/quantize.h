// SPDX-License-Identifier: GPL-3.0-or-later
// The conversion itself: FP8, INT8 and mixed files, and the dedicated NVFP4 and MXFP8 paths.
#pragma once

#include "engine/base/job.h"
#include "engine/ctq/draft.h"
#include "engine/ctq/layer_choice.h"

namespace mantissa::ctq {

struct QuantizeInputs {
    ChoiceRules rules;
    std::map<std::string, float> inputScales; ///< --input-scales, by layer
    std::int64_t samples = 3072;
    std::uint64_t seed = 0;
    bool fileOrder = false; ///< --low-memory: random inputs in the order of the file
    bool correctBiases = true;
    bool saveTable = false; ///< --save-quant-metadata
};

/// What the run would write; the layers are encoded when it is written. `choices` is what was decided.
Result<Draft> draftQuantized(std::shared_ptr<const TensorSource> source, const QuantizeInputs& inputs,
    const JobContext& job, Choices& choices);

/// The table that `--dry-run analyze` prints.
std::string describeChoices(const Choices& choices, const TensorSource& source);

} // namespace mantissa::ctq
