// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/layer_error.h"

#include "engine/export/stored_layer.h"

#include <algorithm>

namespace mantissa {
namespace {

constexpr std::int64_t kBlockElements = std::int64_t{1} << 18;

bool copyFrom(const EncodedPieces& pieces, std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst)
{
    for (const EncodedPieces::Piece& piece : pieces.pieces()) {
        if (piece.tensor != tensor || offset < piece.offset
            || offset + dst.size() > piece.offset + piece.size)
            continue;
        const auto bytes
            = pieces.bytes(piece).subspan(static_cast<std::size_t>(offset - piece.offset), dst.size());
        std::copy(bytes.begin(), bytes.end(), dst.begin());
        return true;
    }
    return false;
}

} // namespace

Status decodeFreshRows(const StorageFormat& format, MatrixShape shape, const FormatParams& params,
    const EncodedPieces& pieces, const EncodedPieces& scalars, std::int64_t firstRow, std::int64_t rowCount,
    std::span<float> dst)
{
    StoredReader reader
        = [&](std::size_t tensor, std::uint64_t offset, std::span<std::byte> bytes) -> Status {
        if (copyFrom(pieces, tensor, offset, bytes) || copyFrom(scalars, tensor, offset, bytes))
            return {};
        return fail(
            ErrorCode::Internal, "stored tensor {} lacks {} bytes from {} on", tensor, bytes.size(), offset);
    };
    const auto stored = format.layout(shape, params);
    auto decoder = format.decoder(shape, params, stored, std::move(reader));
    if (!decoder)
        return forward(std::move(decoder));
    return (*decoder)->decodeRows(firstRow, rowCount, dst);
}

Result<ErrorSums> encodingError(
    const Model& model, const Layer& layer, const Choice& choice, Recipe recipe, const JobContext& job)
{
    const StorageFormat* format = findFormat(choice.format);
    if (format == nullptr || layer.shape.size() != 2)
        return fail(ErrorCode::Internal, "{} cannot be {}", layer.name, choice.format);
    std::unique_ptr<LayerDecoder> stored;
    if (layer.stored) {
        auto opened = openStoredLayer(model, layer);
        if (!opened)
            return forward(std::move(opened));
        stored = std::move(*opened);
    }
    const MatrixShape shape{layer.shape[0], layer.shape[1]};
    const auto encoder
        = format->encoder({shape, layer.stored ? DType::F32 : layer.dtype, choice.params, recipe, {}});
    const std::int64_t granule = std::max<std::int64_t>(1, encoder->rowGranularity());
    const std::int64_t step = granule
        * std::max<std::int64_t>(1, kBlockElements / std::max<std::int64_t>(1, granule * shape.cols));
    const int rounds = encoder->statsRounds();
    std::vector<float> rows, decoded;
    EncodedPieces pieces, scalars;
    ErrorSums sums;
    for (int round = 0; round <= rounds; ++round) {
        if (round == rounds)
            encoder->finish(scalars);
        for (std::int64_t row = 0; row < shape.rows && shape.cols > 0; row += step) {
            if (job.cancelled())
                return fail(ErrorCode::Cancelled, "cancelled");
            const std::int64_t count = std::min(step, shape.rows - row);
            rows.resize(static_cast<std::size_t>(count * shape.cols));
            if (Status status = readLayerRows(model, layer, stored.get(), row, count, rows); !status)
                return forward(std::move(status));
            if (round < rounds) {
                encoder->accumulate(round, row, rows);
                continue;
            }
            pieces.clear();
            encoder->encode(row, rows, pieces);
            decoded.resize(rows.size());
            if (Status status
                = decodeFreshRows(*format, shape, choice.params, pieces, scalars, row, count, decoded);
                !status)
                return forward(std::move(status));
            const ErrorSums block = sumErrors(rows, decoded);
            sums.signal += block.signal;
            sums.noise += block.noise;
        }
        if (round < rounds)
            encoder->finishRound(round);
    }
    return sums;
}

} // namespace mantissa
