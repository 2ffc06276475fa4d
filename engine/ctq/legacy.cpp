// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/modes.h"

#include "engine/ctq/matrix_reader.h"

namespace mantissa::ctq {

namespace {

constexpr std::string_view kMarker = "scaled_fp8";
constexpr std::string_view kScaleWeight = ".scale_weight", kScaleInput = ".scale_input", kWeight = ".weight";

/// Layer name of a tensor with this suffix; empty if it has another.
std::string_view layerOf(std::string_view name, std::string_view suffix)
{
    return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : std::string_view();
}

bool hasFp8Weight(const TensorSource& source, std::string_view layer)
{
    const std::ptrdiff_t weight = source.find(std::string(layer) + std::string(kWeight));
    return weight >= 0 && source.tensors()[static_cast<std::size_t>(weight)].dtype == DType::F8E4M3;
}

} // namespace

Result<Draft> draftWithLegacyInputs(const std::shared_ptr<const TensorSource>& source)
{
    const std::ptrdiff_t marker = source->find(kMarker);
    if (marker < 0)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            "this is no legacy scaled_fp8 checkpoint: the tensor scaled_fp8 that marks one is missing",
            source->info().path.string(), {}});
    Draft draft(source);
    draft.copyAll();
    const DType dtype = source->tensors()[static_cast<std::size_t>(marker)].dtype;
    const float one = 1.0f;
    std::vector<std::byte> bytes;
    if (dtype == DType::F8E4M3 || dtype == DType::F8E5M2) {
        bytes = {std::byte(dtype == DType::F8E4M3 ? 0x38 : 0x3c)}; // 1.0: the exponent bias, no fraction
    } else {
        Result<std::vector<std::byte>> cast = floatBytes({&one, 1}, dtype);
        if (!cast)
            return tl::unexpected(std::move(cast.error()).at(std::string(kMarker)));
        bytes = std::move(*cast);
    }
    draft.put({std::string(kMarker), dtype, {1}, ConstantBytes{std::move(bytes)}});
    std::size_t added = 0;
    for (const TensorInfo& tensor : source->tensors()) {
        const std::string_view layer = layerOf(tensor.name, kScaleWeight);
        const std::string input = std::string(layer) + std::string(kScaleInput);
        if (layer.empty() || source->find(input) >= 0 || !hasFp8Weight(*source, layer))
            continue;
        draft.putScalar(input, 1.0f);
        ++added;
    }
    draft.normalizeScales();
    draft.notes.push_back(fmt::format("{} input scales added", added));
    return draft;
}

Result<Draft> draftCleanedFp8(
    const std::shared_ptr<const TensorSource>& source, int markerElements, bool addInputScale)
{
    Draft draft(source);
    draft.copyAll();
    std::size_t dropped = 0, added = 0;
    for (const TensorInfo& tensor : source->tensors()) {
        if (tensor.name == kMarker) {
            draft.put({tensor.name, DType::F8E4M3, {markerElements},
                ConstantBytes{std::vector<std::byte>(static_cast<std::size_t>(markerElements))}});
            continue;
        }
        for (const std::string_view suffix : {kScaleWeight, kScaleInput}) {
            if (!tensor.name.ends_with(suffix) || hasFp8Weight(*source, layerOf(tensor.name, suffix)))
                continue;
            draft.erase(tensor.name);
            ++dropped;
        }
    }
    for (const TensorInfo& tensor : source->tensors()) {
        const std::string input = std::string(layerOf(tensor.name, kWeight)) + std::string(kScaleInput);
        if (!addInputScale || !tensor.name.ends_with(kWeight) || tensor.dtype != DType::F8E4M3
            || draft.find(input))
            continue;
        draft.putScalar(input, 1.0f);
        ++added;
    }
    draft.normalizeScales();
    draft.notes.push_back(
        fmt::format("{} scales without an FP8 weight dropped, {} input scales added", dropped, added));
    return draft;
}

} // namespace mantissa::ctq
