// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/layer_bytes.h"

namespace mantissa {

namespace {

std::uint64_t bytesOf(const TensorSource& source, std::size_t index)
{
    return index < source.tensors().size() ? source.tensors()[index].storedBytes() : 0;
}

std::uint64_t biasBytes(const Layer& layer, const TensorSource& source)
{
    return layer.bias >= 0 ? bytesOf(source, static_cast<std::size_t>(layer.bias)) : 0;
}

std::uint64_t companionBytes(const Layer& layer, const TensorSource& source)
{
    std::uint64_t bytes = 0;
    for (const std::size_t index : layer.companions)
        bytes += bytesOf(source, index);
    return bytes;
}

std::uint64_t bytesFor(DType dtype, const Shape& shape)
{
    const auto count = elementCount(shape);
    return count ? byteCount(dtype, *count).value_or(0) : 0;
}

} // namespace

std::uint64_t storedBytes(const Layer& layer, const TensorSource& source)
{
    return bytesOf(source, layer.weight) + biasBytes(layer, source) + companionBytes(layer, source);
}

std::uint64_t PlannedBytes::of(
    const QuantPlan& plan, const Choice& choice, const Layer& layer, const TensorSource& source)
{
    if (!choice.keeps() && layer.shape.size() == 2)
        return biasBytes(layer, source)
            + encoded(choice, {layer.shape[0], layer.shape[1]}, origDtypeOf(plan, layer))
            + (inputScaleOf(choice) > 0 ? sizeof(float) : 0);
    if (layer.weight >= source.tensors().size())
        return storedBytes(layer, source);
    const TensorInfo& weight = source.tensors()[layer.weight];
    const DType dtype = writtenDtype(plan, layer, weight);
    const std::uint64_t bytes = dtype == weight.dtype ? weight.bytes : bytesFor(dtype, weight.shape);
    return bytes + biasBytes(layer, source) + companionBytes(layer, source);
}

std::uint64_t PlannedBytes::encoded(const Choice& choice, MatrixShape shape, std::string_view origDtype)
{
    const FormatParams& params = choice.params;
    const Key key{choice.format, params.scaling, params.blockSize, params.convrotGroup.value_or(-1),
        params.linearDtype, params.bits, params.rank, params.preQuantScale, params.fullPrecisionMatrixMult,
        shape.rows, shape.cols, origDtype};
    const auto [entry, added] = m_known.try_emplace(key, 0);
    const StorageFormat* format = added ? findFormat(choice.format) : nullptr;
    if (format) {
        for (const StoredTensor& tensor : format->layout(shape, params))
            entry->second += bytesFor(tensor.dtype, tensor.shape);
        if (!format->writesSettings())
            entry->second += format->settings(shape, params, origDtype).tensorJson.size();
    }
    return entry->second;
}

} // namespace mantissa
