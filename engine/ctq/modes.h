// SPDX-License-Identifier: GPL-3.0-or-later
// The work of convert-to-quant that is not quantizing (section 5.4 of the format notes). Each function drafts
// an output; notes say where it differs from what 1.3.4 writes.
#pragma once

#include "engine/base/job.h"
#include "engine/ctq/draft.h"

namespace mantissa::ctq {

struct EditRequest {
    std::vector<std::string> removeKeys;
    std::string addKeys; ///< "'key': value, …"
    std::string filter; ///< regular expression of layers; empty: all
    bool generateTable = false; ///< --save-quant-metadata
};
/// `--edit-quant`: settings of quantized layers, in their tensors and in the header table.
Result<Draft> draftEdited(std::shared_ptr<const TensorSource> source, const EditRequest& request);
/// The members that an --add-keys text names. Usage if there is none.
Result<JsonNode> parseAddedKeys(std::string_view text);

struct MigrateRequest {
    bool addInputScale = false;
    bool fullPrecision = false;
    bool saveTable = true;
    int defaultBlock = 128;
    std::string highPrecisionFilter; ///< no FP8 layer may match it
};
/// `--convert-fp8-scaled` and `--convert-int8-scaled`: legacy names to comfy_quant.
Result<Draft> draftMigratedFp8(std::shared_ptr<const TensorSource> source, const MigrateRequest& request);
Result<Draft> draftMigratedInt8(std::shared_ptr<const TensorSource> source, const MigrateRequest& request);

/// `--legacy_input_add`
Result<Draft> draftWithLegacyInputs(const std::shared_ptr<const TensorSource>& source);
/// `--cleanup-fp8-scaled`
Result<Draft> draftCleanedFp8(
    const std::shared_ptr<const TensorSource>& source, int markerElements, bool addInputScale);

/// `--make-hybrid-mxfp8`; `scales` may be null.
Result<Draft> draftHybrid(
    const std::shared_ptr<const TensorSource>& source, const std::shared_ptr<const TensorSource>& scales);

struct ActcalRequest {
    std::int64_t samples = 64;
    std::uint64_t seed = 42;
    double percentile = 99.9;
};
/// `--actcal`, as it was meant: the packaged command does not start.
Result<Draft> draftCalibrated(
    const std::shared_ptr<const TensorSource>& source, const ActcalRequest& request, const JobContext& job);

/// `--dry-run create-template`: a layer config with every layer and no format.
std::string layerConfigTemplate(const TensorSource& source);

} // namespace mantissa::ctq
