// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/layer_error.h"

#include "engine/export/planned_layer.h"

#include <algorithm>

namespace mantissa {
namespace {

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
    ErrorSums sums;
    const Status done = runPlannedLayer(model, layer, choice, recipe, job,
        [&](std::int64_t, std::span<const float> source, std::span<const float> planned) {
            sums += sumErrors(source, planned);
        });
    if (!done)
        return tl::unexpected(done.error());
    return sums;
}

} // namespace mantissa
