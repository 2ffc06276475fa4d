// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/stored_layer.h"

#include "engine/export/cast.h"

#include <algorithm>

namespace mantissa {

namespace {

/// 8-bit floats without a scale.
class PlainDecoder final : public LayerDecoder {
public:
    PlainDecoder(const Model& model, const Layer& layer)
        : m_model(model)
        , m_layer(layer)
    { }
    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        return readLayerRows(m_model, m_layer, nullptr, firstRow, rowCount, dst);
    }

private:
    const Model& m_model;
    const Layer& m_layer;
};

} // namespace

MatrixShape storedMatrix(const Layer& layer)
{
    const std::int64_t rows = layer.shape.empty() ? 1 : layer.shape[0];
    const auto count = static_cast<std::int64_t>(elementCount(layer.shape).value_or(0));
    return {rows, rows > 0 ? count / rows : 0};
}

Result<std::unique_ptr<LayerDecoder>> openStoredLayer(const Model& model, const Layer& layer)
{
    if (layer.stored && layer.stored->id == kPlainFp8)
        return std::make_unique<PlainDecoder>(model, layer);
    const StorageFormat* format = layer.stored ? findFormat(layer.stored->id) : nullptr;
    if (format == nullptr)
        return tl::unexpected(Error{ErrorCode::Unsupported,
            fmt::format("{} is stored as {}, which cannot be decoded yet", layer.name,
                layer.stored ? layer.stored->id : "plain numbers"),
            layer.name, "see 'mantissa formats' for what can be read"});
    if (layer.shape.size() != 2)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            fmt::format("{} is marked as {} but has {} dimensions instead of 2", layer.name, layer.stored->id,
                layer.shape.size()),
            layer.name, {}});
    const MatrixShape shape{layer.shape[0], layer.shape[1]};
    const std::string settings = layer.stored->settings.empty() ? "{}" : layer.stored->settings;
    auto params = format->paramsFromSettings(settings, shape);
    if (!params)
        return tl::unexpected(std::move(params.error()).at(layer.name));

    const TensorSource& source = *model.source;
    std::vector<StoredTensor> stored;
    std::vector<std::ptrdiff_t> indices;
    for (const StoredTensor& wanted : format->layout(shape, *params)) {
        std::ptrdiff_t index = source.find(layer.name + "." + wanted.suffix);
        if (wanted.suffix == "weight")
            index = static_cast<std::ptrdiff_t>(layer.weight);
        if (index < 0) // older scaled_fp8 files
            index = source.find(layer.name + (wanted.suffix == "weight_scale" ? ".scale_weight" : "."));
        indices.push_back(index);
        if (index < 0)
            stored.push_back({wanted.suffix, wanted.dtype, {}});
        else
            stored.push_back({wanted.suffix, source.tensors()[static_cast<std::size_t>(index)].dtype,
                source.tensors()[static_cast<std::size_t>(index)].shape});
        if (index < 0)
            return tl::unexpected(Error{ErrorCode::InvalidInput,
                fmt::format("{} is marked as {} but has no {}", layer.name, format->info().id, wanted.suffix),
                layer.name, "the file is incomplete; convert it again from its original"});
    }
    StoredReader reader
        = [&source, indices](std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) {
              return source.read(static_cast<std::size_t>(indices[tensor]), offset, dst);
          };
    auto decoder = format->decoder(shape, *params, stored, std::move(reader));
    if (!decoder)
        return tl::unexpected(std::move(decoder.error()).at(layer.name));
    return decoder;
}

Status readLayerRows(const Model& model, const Layer& layer, const LayerDecoder* decoder,
    std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst)
{
    if (decoder != nullptr)
        return decoder->decodeRows(firstRow, rowCount, dst);
    const TensorInfo& tensor = model.source->tensors()[layer.weight];
    const auto width = static_cast<std::uint64_t>(bitsOf(tensor.dtype)) / 8;
    std::vector<std::byte> raw(dst.size() * static_cast<std::size_t>(width));
    const std::uint64_t rowBytes
        = dst.size() * width / static_cast<std::uint64_t>(std::max<std::int64_t>(1, rowCount));
    if (Status status
        = model.source->read(layer.weight, static_cast<std::uint64_t>(firstRow) * rowBytes, raw);
        !status)
        return status;
    return toFloats(tensor.dtype, raw, dst);
}

} // namespace mantissa
