// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/encoders.h"

#include "engine/ctq/rotation.h"

#include <algorithm>
#include <cassert>

namespace mantissa::ctq {

namespace {

class CopyingEncoder final : public LayerEncoder {
public:
    CopyingEncoder(std::unique_ptr<LayerEncoder> encoder, std::size_t from, std::size_t to)
        : m_encoder(std::move(encoder))
        , m_from(from)
        , m_to(to)
    { }

    std::int64_t rowGranularity() const override { return m_encoder->rowGranularity(); }
    int statsRounds() const override { return m_encoder->statsRounds(); }
    bool needsRows(int round, std::int64_t firstRow, std::int64_t rowCount) const override
    {
        return m_encoder->needsRows(round, firstRow, rowCount);
    }
    void accumulate(int round, std::int64_t firstRow, std::span<const float> rows) override
    {
        m_encoder->accumulate(round, firstRow, rows);
    }
    void finishRound(int round) override { m_encoder->finishRound(round); }
    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        const std::size_t before = out.pieces().size();
        m_encoder->encode(firstRow, rows, out);
        copyPieces(before, out);
    }
    void finish(EncodedPieces& out) override
    {
        const std::size_t before = out.pieces().size();
        m_encoder->finish(out);
        copyPieces(before, out);
    }

private:
    void copyPieces(std::size_t begin, EncodedPieces& out) const
    {
        const std::size_t end = out.pieces().size();
        for (std::size_t i = begin; i < end; ++i) {
            const EncodedPieces::Piece piece = out.pieces()[i];
            if (piece.tensor != m_from)
                continue;
            const auto from = out.bytes(piece);
            const std::vector<std::byte> bytes(from.begin(), from.end()); // add() may move the arena
            std::copy(bytes.begin(), bytes.end(), out.add(m_to, piece.offset, piece.size).begin());
        }
    }

    std::unique_ptr<LayerEncoder> m_encoder;
    std::size_t m_from, m_to;
};

} // namespace

std::unique_ptr<LayerEncoder> makeEncoder(const LayerChoice& choice, MatrixShape shape, DType source)
{
    assert(choice.format);
    if (const int group = choice.params.convrotGroup.value_or(0); group != 0)
        return makeRotatedEncoder(shape, static_cast<std::size_t>(group),
            choice.rotatePrimary ? RotatedRule::Primary : RotatedRule::Other);
    EncodeRequest request;
    request.shape = shape;
    request.source = source;
    request.params = choice.params;
    request.recipe = Recipe::Absmax;
    request.arithmetic = choice.arithmetic;
    return choice.format->encoder(request);
}

std::unique_ptr<LayerEncoder> copyingEncoder(
    std::unique_ptr<LayerEncoder> encoder, std::size_t from, std::size_t to)
{
    return std::make_unique<CopyingEncoder>(std::move(encoder), from, to);
}

} // namespace mantissa::ctq
