// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/stored_bytes.h"

#include <algorithm>

namespace mantissa {

StoredBytes emptyStored(const StorageFormat& format, MatrixShape shape, const FormatParams& params)
{
    StoredBytes bytes;
    for (const StoredTensor& tensor : format.layout(shape, params))
        bytes.emplace_back(byteCount(tensor.dtype, elementCount(tensor.shape).value_or(0)).value_or(0));
    return bytes;
}

void takePieces(const EncodedPieces& pieces, StoredBytes& bytes)
{
    for (const EncodedPieces::Piece& piece : pieces.pieces()) {
        const auto from = pieces.bytes(piece);
        std::copy(from.begin(), from.end(),
            bytes[piece.tensor].begin() + static_cast<std::ptrdiff_t>(piece.offset));
    }
}

StoredBytes encodeWhole(
    const StorageFormat& format, const EncodeRequest& request, std::span<const float> weights)
{
    StoredBytes bytes = emptyStored(format, request.shape, request.params);
    const auto encoder = format.encoder(request);
    for (int round = 0; round < encoder->statsRounds(); ++round) {
        encoder->accumulate(round, 0, weights);
        encoder->finishRound(round);
    }
    EncodedPieces pieces;
    encoder->encode(0, weights, pieces);
    encoder->finish(pieces);
    takePieces(pieces, bytes);
    return bytes;
}

Result<std::unique_ptr<LayerDecoder>> decoderOf(
    const StorageFormat& format, MatrixShape shape, const FormatParams& params, const StoredBytes& bytes)
{
    return format.decoder(shape, params, format.layout(shape, params),
        [&bytes](std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) -> Status {
            if (tensor >= bytes.size() || offset + dst.size() > bytes[tensor].size())
                return fail(ErrorCode::InvalidInput, "the stored layer is too short");
            std::copy_n(bytes[tensor].begin() + static_cast<std::ptrdiff_t>(offset), dst.size(), dst.begin());
            return {};
        });
}

Result<std::vector<float>> decodeWhole(
    const StorageFormat& format, MatrixShape shape, const FormatParams& params, const StoredBytes& bytes)
{
    auto decoder = decoderOf(format, shape, params, bytes);
    if (!decoder)
        return forward(std::move(decoder));
    std::vector<float> values(static_cast<std::size_t>(shape.rows * shape.cols));
    if (auto read = (*decoder)->decodeRows(0, shape.rows, values); !read)
        return forward(std::move(read));
    return values;
}

} // namespace mantissa
