// SPDX-License-Identifier: GPL-3.0-or-later
// Checks a quantized file against the contract of its formats and, given the original, measures every layer's
// error.
#pragma once

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/model/model.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mantissa {

struct VerifiedLayer {
    std::string name, format;
    std::uint64_t bytesBefore = 0, bytesAfter = 0; ///< bytesBefore: 0 without an original
    std::optional<double> snrDb, relativeError; ///< snrDb is empty too where the two are equal
    Sentence problem; ///< empty: fine
};

struct VerifyReport {
    std::vector<VerifiedLayer> layers;
    std::vector<Sentence> problems; ///< of the file as a whole
    std::uint32_t failedLayers = 0;

    bool passed() const { return failedLayers == 0 && problems.empty(); }
};

/// Decodes every quantized layer once. Reads the original (may be null) layer by layer; a layer that it lacks
/// is a problem. Fails only where the files cannot be read; what is wrong with them is in the report.
Result<VerifyReport> verifyModel(const Model& model, const Model* original, const JobContext& job);

} // namespace mantissa
