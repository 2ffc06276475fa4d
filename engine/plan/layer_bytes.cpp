// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/layer_bytes.h"

namespace mantissa {

namespace {

std::uint64_t bytesOf(const TensorSource& source, std::size_t index)
{
    return index < source.tensors().size() ? source.tensors()[index].bytes : 0;
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

std::uint64_t plannedBytes(
    const QuantPlan& plan, const Choice& choice, const Layer& layer, const TensorSource& source)
{
    if (choice.keeps()) {
        if (layer.weight >= source.tensors().size())
            return storedBytes(layer, source);
        const TensorInfo& weight = source.tensors()[layer.weight];
        const DType dtype = writtenDtype(plan, layer, weight);
        const std::uint64_t bytes = dtype == weight.dtype ? weight.bytes : bytesFor(dtype, weight.shape);
        return bytes + biasBytes(layer, source) + companionBytes(layer, source);
    }
    const StorageFormat* format = findFormat(choice.format);
    if (!format || layer.shape.size() != 2)
        return storedBytes(layer, source);
    const MatrixShape shape{layer.shape[0], layer.shape[1]};
    std::uint64_t bytes = biasBytes(layer, source);
    for (const StoredTensor& tensor : format->layout(shape, choice.params))
        bytes += bytesFor(tensor.dtype, tensor.shape);
    return bytes + format->settings(shape, choice.params, origDtypeOf(plan, layer)).tensorJson.size();
}

} // namespace mantissa
