// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/stored_layer.h"

#include "engine/export/cast.h"

#include <algorithm>

namespace mantissa {

namespace {

/// Numbers without a scale, of any dtype that toFloats() takes.
class PlainDecoder final : public LayerDecoder {
public:
    PlainDecoder(const TensorSource& source, std::size_t tensor, std::int64_t cols)
        : m_source(source)
        , m_tensor(tensor)
        , m_cols(cols)
    { }

    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        const DType dtype = m_source.tensors()[m_tensor].dtype;
        const auto rowBytes
            = static_cast<std::uint64_t>(m_cols) * static_cast<std::uint64_t>(bitsOf(dtype)) / 8;
        std::vector<std::byte> raw(static_cast<std::size_t>(static_cast<std::uint64_t>(rowCount) * rowBytes));
        if (Status status = m_source.read(m_tensor, static_cast<std::uint64_t>(firstRow) * rowBytes, raw);
            !status)
            return status;
        return toFloats(dtype, raw, dst);
    }

private:
    const TensorSource& m_source;
    std::size_t m_tensor;
    std::int64_t m_cols;
};

/// A stored tensor of a layer by its suffix; older scaled_fp8 files call the scale by another name.
std::ptrdiff_t findStored(const TensorSource& source, const Layer& layer, const std::string& suffix)
{
    if (suffix == "weight")
        return static_cast<std::ptrdiff_t>(layer.weight);
    const std::ptrdiff_t index = source.find(layer.name + "." + suffix);
    return index < 0 && suffix == "weight_scale" ? source.find(layer.name + ".scale_weight") : index;
}

} // namespace

MatrixShape storedMatrix(const Layer& layer)
{
    const std::int64_t rows = layer.shape.empty() ? 1 : layer.shape[0];
    const auto count = static_cast<std::int64_t>(elementCount(layer.shape).value_or(0));
    return {rows, rows > 0 ? count / rows : 0};
}

Result<FormatParams> storedParams(const Model& model, const Layer& layer, const StorageFormat& format)
{
    const MatrixShape shape = storedMatrix(layer);
    const bool described = layer.stored && !layer.stored->settings.empty();
    auto params = format.paramsFromSettings(described ? layer.stored->settings : "{}", shape);
    if (!params)
        return tl::unexpected(std::move(params.error()).at(layer.name));
    const auto shapeOf = [&](std::string_view suffix) -> std::optional<Shape> {
        const std::ptrdiff_t index = model.source->find(fmt::format("{}.{}", layer.name, suffix));
        return index < 0 ? std::nullopt
                         : std::optional(model.source->tensors()[static_cast<std::size_t>(index)].shape);
    };
    return format.paramsFromTensors(std::move(*params), shape, shapeOf);
}

Result<std::unique_ptr<LayerDecoder>> openStoredLayer(const Model& model, const Layer& layer)
{
    if (layer.stored && layer.holdsPlainNumbers())
        return std::make_unique<PlainDecoder>(*model.source, layer.weight, storedMatrix(layer).cols);
    const StorageFormat* format = layer.stored ? findFormat(layer.stored->id) : nullptr;
    if (format == nullptr)
        return tl::unexpected(Error{ErrorCode::Unsupported,
            sentence("{} is stored as {}, which cannot be decoded yet", layer.name,
                layer.stored ? nameOf(*layer.stored) : "plain numbers"),
            layer.name, "see 'mantissa formats' for what can be read"});
    if (layer.shape.size() != 2)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            sentence("{} is marked as {} but has {} dimensions instead of 2", layer.name, layer.stored->id,
                layer.shape.size()),
            layer.name, {}});
    const MatrixShape shape{layer.shape[0], layer.shape[1]};
    const auto params = storedParams(model, layer, *format);
    if (!params)
        return tl::unexpected(params.error());
    const TensorSource& source = *model.source;
    std::vector<StoredTensor> stored;
    std::vector<std::ptrdiff_t> indices;
    for (const StoredTensor& wanted : format->layout(shape, *params)) {
        const std::ptrdiff_t index = findStored(source, layer, wanted.suffix);
        if (index < 0)
            return tl::unexpected(Error{ErrorCode::InvalidInput,
                sentence("{} is marked as {} but has no {}", layer.name, format->info().id, wanted.suffix),
                layer.name, "the file is incomplete; convert it again from its original"});
        const TensorInfo& tensor = source.tensors()[static_cast<std::size_t>(index)];
        indices.push_back(index);
        stored.push_back({wanted.suffix, tensor.dtype, tensor.shape});
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

Status refuseContainerEncodings(const TensorSource& source)
{
    for (const TensorInfo& tensor : source.tensors())
        if (tensor.encoding != nullptr)
            return tl::unexpected(Error{ErrorCode::Unsupported,
                sentence("{} is stored as {}, which cannot be copied to another file", tensor.name,
                    tensor.encoding->name),
                source.info().path.string(),
                "make an ordinary file of it first: mantissa convert FILE -o OUT.safetensors"});
    return {};
}

std::int64_t rowsAtOnce(std::int64_t cols) noexcept
{
    constexpr std::int64_t kElements = std::int64_t{1} << 20;
    constexpr std::int64_t kTileRows = 128; // every format's tiles are at most that high
    return kTileRows * std::max<std::int64_t>(1, kElements / (kTileRows * std::max<std::int64_t>(1, cols)));
}

Status readLayerRows(const Model& model, const Layer& layer, const LayerDecoder* decoder,
    std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst)
{
    if (decoder != nullptr)
        return decoder->decodeRows(firstRow, rowCount, dst);
    return PlainDecoder(*model.source, layer.weight, storedMatrix(layer).cols)
        .decodeRows(firstRow, rowCount, dst);
}

Result<std::vector<float>> readWholeLayer(const Model& model, const Layer& layer)
{
    std::unique_ptr<LayerDecoder> stored; // of a source that is quantized itself
    if (layer.stored) {
        auto opened = openStoredLayer(model, layer);
        if (!opened)
            return forward(std::move(opened));
        stored = std::move(*opened);
    }
    const MatrixShape shape = storedMatrix(layer);
    std::vector<float> rows(static_cast<std::size_t>(shape.rows * shape.cols));
    if (Status read = readLayerRows(model, layer, stored.get(), 0, shape.rows, rows); !read)
        return forward(std::move(read));
    return rows;
}

} // namespace mantissa
