// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/bias_correction.h"

#include "engine/ctq/encoders.h"
#include "engine/ctq/matrix_reader.h"
#include "engine/ctq/rotation.h"
#include "engine/ctq/torch_matmul.h"
#include "kernels/kernel_set.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mantissa::ctq {

namespace {

/// Rows that are worked on together: whole granules and groups of 16 columns of the product, about 2 MB.
std::int64_t rowsTogether(std::int64_t granularity, std::int64_t columns)
{
    constexpr std::int64_t kValues = std::int64_t{1} << 19, kLanes = 16;
    const std::int64_t unit = std::lcm(granularity, kLanes);
    return std::max(unit, kValues / std::max<std::int64_t>(columns, 1) / unit * unit);
}

/// Encodes a weight and gives it back as the loader would see it, in convert-to-quant's own arithmetic.
class Requantizer {
public:
    Requantizer(const TensorSource& source, const LayerChoice& choice)
        : m_choice(choice)
        , m_reader(source, choice.weight)
        , m_encoder(makeEncoder(choice, m_reader.shape(), m_reader.dtype()))
        , m_divides(choice.format->info().id == "float8_e4m3fn"
              || choice.format->info().id == "float8_e4m3fn_rowwise")
        , m_group(static_cast<std::size_t>(choice.params.convrotGroup.value_or(0)))
    { }

    MatrixShape shape() const { return m_reader.shape(); }
    std::int64_t rowsPerStep() const { return rowsTogether(m_encoder->rowGranularity(), shape().cols); }

    /// The statistics of the whole weight. Before block().
    Status prepare(const std::function<bool()>& cancelled)
    {
        const bool wholeScale = m_divides && m_choice.format->info().id == "float8_e4m3fn";
        for (int round = 0; round < m_encoder->statsRounds(); ++round) {
            for (std::int64_t row = 0; row < shape().rows; row += rowsPerStep()) {
                const std::int64_t count = std::min(rowsPerStep(), shape().rows - row);
                if (!wholeScale && !m_encoder->needsRows(round, row, count))
                    continue;
                if (cancelled())
                    return fail(ErrorCode::Cancelled, "cancelled");
                if (Status read = readRows(row, count); !read)
                    return read;
                m_encoder->accumulate(round, row, m_rows);
                m_amax = std::max(m_amax, kernels::activeKernels().absmax(m_rows.data(), m_rows.size()));
            }
            m_encoder->finishRound(round);
        }
        m_encoder->finish(m_scalars);
        return {};
    }

    /// The weight's rows and what becomes of them; rotated both, where the layer is.
    struct Block {
        std::span<float> original, quantized;
    };
    Result<Block> block(std::int64_t firstRow, std::int64_t count)
    {
        if (Status read = readRows(firstRow, count); !read)
            return forward(std::move(read));
        m_pieces.clear();
        m_encoder->encode(firstRow, m_rows, m_pieces);
        m_quantized.resize(m_rows.size());
        Status status;
        if (m_group != 0)
            status = dequantizeRotated(firstRow, count);
        else if (m_divides)
            status = dequantizeByDivision(firstRow, count);
        else
            status = decode(firstRow, count);
        if (!status)
            return forward(std::move(status));
        return Block{m_rows, m_quantized};
    }

private:
    Status readRows(std::int64_t firstRow, std::int64_t count)
    {
        m_rows.resize(static_cast<std::size_t>(count * shape().cols));
        return m_reader.read(firstRow, m_rows);
    }

    /// Bytes of a stored tensor, from the pieces of this block and the scalars.
    Status readStored(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const
    {
        std::size_t filled = 0;
        for (const EncodedPieces* pieces : {&m_pieces, &m_scalars})
            for (const EncodedPieces::Piece& piece : pieces->pieces()) {
                if (piece.tensor != tensor || piece.offset >= offset + dst.size()
                    || piece.offset + piece.size <= offset)
                    continue;
                const std::uint64_t begin = std::max(offset, piece.offset);
                const std::uint64_t end = std::min(offset + dst.size(), piece.offset + piece.size);
                const auto from = pieces->bytes(piece).subspan(begin - piece.offset, end - begin);
                std::copy(
                    from.begin(), from.end(), dst.begin() + static_cast<std::ptrdiff_t>(begin - offset));
                filled += from.size();
            }
        if (filled != dst.size())
            return fail(
                ErrorCode::Internal, "the encoder left {} of {} bytes out", dst.size() - filled, dst.size());
        return {};
    }

    Status decode(std::int64_t firstRow, std::int64_t count)
    {
        const auto reader = [this](std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) {
            return readStored(tensor, offset, dst);
        };
        const std::vector<StoredTensor> layout = m_choice.format->layout(shape(), m_choice.params);
        auto decoder = m_choice.format->decoder(shape(), m_choice.params, layout, reader);
        if (!decoder)
            return forward(std::move(decoder));
        return (*decoder)->decodeRows(firstRow, count, m_quantized);
    }

    /// 3.1 and 3.3: what was multiplied by s is divided by s again, not multiplied by the stored 1/s.
    Status dequantizeByDivision(std::int64_t firstRow, std::int64_t count)
    {
        const auto columns = static_cast<std::size_t>(shape().cols);
        std::vector<std::byte> codes(m_rows.size());
        if (Status read = readStored(0, static_cast<std::uint64_t>(firstRow) * columns, codes); !read)
            return read;
        const kernels::KernelSet& kernel = kernels::activeKernels();
        kernel.decodeE4M3(
            reinterpret_cast<const std::uint8_t*>(codes.data()), codes.size(), 1.0f, m_quantized.data());
        const bool byRow = m_choice.format->info().id == "float8_e4m3fn_rowwise";
        for (std::size_t row = 0; row < static_cast<std::size_t>(count); ++row) {
            const float amax = byRow ? kernel.absmax(m_rows.data() + row * columns, columns) : m_amax;
            // A Python number over a tensor is the number times the reciprocal: two roundings.
            constexpr float kLargest = 448.0f;
            const float factor = (1.0f / std::max(amax, 1e-12f)) * kLargest;
            for (std::size_t i = row * columns; i < (row + 1) * columns; ++i)
                m_quantized[i] /= factor;
        }
        return {};
    }

    Status dequantizeRotated(std::int64_t firstRow, std::int64_t count)
    {
        const auto columns = static_cast<std::size_t>(shape().cols);
        std::vector<std::byte> codes(m_rows.size());
        std::vector<float> scales(static_cast<std::size_t>(count));
        Status status = readStored(0, static_cast<std::uint64_t>(firstRow) * columns, codes);
        if (status)
            status = readStored(1, static_cast<std::uint64_t>(firstRow) * sizeof(float),
                std::as_writable_bytes(std::span(scales)));
        if (!status)
            return status;
        for (std::size_t i = 0; i < codes.size(); ++i)
            m_quantized[i] = static_cast<float>(static_cast<std::int8_t>(codes[i])) * scales[i / columns];
        std::vector<float> rotated(m_rows.size());
        rotateGroups(m_rows, m_group, rotated);
        m_rows = std::move(rotated);
        return {};
    }

    const LayerChoice& m_choice;
    MatrixReader m_reader;
    std::unique_ptr<LayerEncoder> m_encoder;
    bool m_divides;
    std::size_t m_group;
    float m_amax = 0;
    std::vector<float> m_rows, m_quantized;
    EncodedPieces m_pieces, m_scalars;
};

} // namespace

Result<std::vector<std::byte>> correctedBias(const TensorSource& source, const LayerChoice& choice,
    std::size_t bias, Calibration& calibration, const std::function<bool()>& cancelled)
{
    Result<std::vector<float>> values = readFloatTensor(source, bias);
    if (!values)
        return forward(std::move(values));
    Requantizer weight(source, choice);
    const auto [rows, columns] = weight.shape();
    if (static_cast<std::int64_t>(values->size()) != rows)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            fmt::format("the bias has {} values for {} rows of weights", values->size(), rows),
            source.tensors()[bias].name, {}});
    const std::int64_t group = choice.params.convrotGroup.value_or(0);
    auto inputs = group != 0 ? calibration.rotatedInputs(columns, group) : calibration.inputs(columns);
    if (!inputs)
        return forward(std::move(inputs));
    if (Status prepared = weight.prepare(cancelled); !prepared)
        return forward(std::move(prepared));
    const auto samples = static_cast<std::size_t>(calibration.samples());
    const auto width = static_cast<std::size_t>(columns);
    for (std::int64_t row = 0; row < rows; row += weight.rowsPerStep()) {
        if (cancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const std::int64_t count = std::min(weight.rowsPerStep(), rows - row);
        auto block = weight.block(row, count);
        if (!block)
            return forward(std::move(block));
        std::vector<float> mean(static_cast<std::size_t>(count));
        const auto first = static_cast<std::size_t>(row), total = static_cast<std::size_t>(rows);
        if (group != 0) { // the difference of two products, added
            meanOfProducts(**inputs, samples, width, block->original, block->quantized, first, total, mean);
            for (std::size_t i = 0; i < mean.size(); ++i)
                (*values)[first + i] += mean[i];
        } else { // the product of the difference, subtracted
            for (std::size_t i = 0; i < block->original.size(); ++i)
                block->original[i] -= block->quantized[i];
            meanOfProducts(**inputs, samples, width, block->original, {}, first, total, mean);
            for (std::size_t i = 0; i < mean.size(); ++i)
                (*values)[first + i] -= mean[i];
        }
    }
    return floatBytes(*values, source.tensors()[bias].dtype);
}

} // namespace mantissa::ctq
