// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/formats/format_harness.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace mantissa::test {

namespace {

struct RowBlock {
    std::int64_t first = 0, count = 0;
};

std::vector<RowBlock> cut(std::int64_t rows, std::int64_t wished, std::int64_t granularity)
{
    const std::int64_t step
        = std::max<std::int64_t>(1, (wished + granularity - 1) / granularity) * granularity;
    std::vector<RowBlock> blocks;
    for (std::int64_t first = 0; first < rows; first += step)
        blocks.push_back({first, std::min(step, rows - first)});
    return blocks;
}

/// Works on all items with the given number of threads, in no particular order.
template <typename Work> void forEach(std::size_t items, unsigned threads, const Work& work)
{
    std::atomic<std::size_t> next{0};
    const auto loop = [&] {
        for (std::size_t i = next++; i < items; i = next++)
            work(threads > 1 ? items - 1 - i : i);
    };
    std::vector<std::thread> pool;
    for (unsigned t = 1; t < threads; ++t)
        pool.emplace_back(loop);
    loop();
    for (auto& thread : pool)
        thread.join();
}

/// Copies pieces to their places and remembers which bytes were written.
class Collector {
public:
    explicit Collector(StoredLayer& layer)
        : m_layer(layer)
    {
        for (const StoredTensor& tensor : layer.tensors) {
            const auto size = byteCount(tensor.dtype, elementCount(tensor.shape).value()).value();
            layer.bytes.emplace_back(size);
            m_written.emplace_back(size, std::uint8_t{0});
        }
    }

    void take(const EncodedPieces& pieces)
    {
        for (const auto& piece : pieces.pieces()) {
            if (piece.tensor >= m_layer.bytes.size()
                || piece.offset + piece.size > m_layer.bytes[piece.tensor].size())
                throw std::runtime_error("a piece lies outside its tensor");
            const auto bytes = pieces.bytes(piece);
            std::uint8_t* const written = m_written[piece.tensor].data() + piece.offset;
            if (std::memchr(written, 1, bytes.size()) != nullptr)
                throw std::runtime_error("a byte is written twice");
            std::memset(written, 1, bytes.size());
            std::memcpy(m_layer.bytes[piece.tensor].data() + piece.offset, bytes.data(), bytes.size());
        }
    }

    void checkComplete() const
    {
        for (std::size_t i = 0; i < m_written.size(); ++i)
            if (std::memchr(m_written[i].data(), 0, m_written[i].size()) != nullptr)
                throw std::runtime_error("bytes of " + m_layer.tensors[i].suffix + " are not written");
    }

private:
    StoredLayer& m_layer;
    std::vector<std::vector<std::uint8_t>> m_written; ///< a 1 for every byte that came
};

bool isNaN(const std::string& dtype, const std::uint8_t* element)
{
    if (dtype == "F8_E4M3")
        return (*element & 0x7Fu) == 0x7Fu;
    if (dtype == "F8_E5M2")
        return (*element & 0x7Fu) > 0x7Cu;
    if (dtype != "F32")
        return false;
    float value = 0;
    std::memcpy(&value, element, sizeof value);
    return std::isnan(value);
}

} // namespace

StoredLayer encodeLayer(const StorageFormat& format, const EncodeRequest& request,
    const std::vector<float>& values, const Blocks& blocks)
{
    StoredLayer layer;
    layer.tensors = format.layout(request.shape, request.params);
    Collector collector(layer);
    const auto encoder = format.encoder(request);
    const auto cols = static_cast<std::size_t>(request.shape.cols);
    const auto rowBlocks = cut(request.shape.rows, blocks.rows, encoder->rowGranularity());
    const auto rowsOf = [&](const RowBlock& block) {
        return std::span(values).subspan(
            static_cast<std::size_t>(block.first) * cols, static_cast<std::size_t>(block.count) * cols);
    };
    for (int round = 0; round < encoder->statsRounds(); ++round) {
        forEach(rowBlocks.size(), blocks.threads, [&](std::size_t i) {
            const RowBlock& block = rowBlocks[i];
            if (blocks.ignoreNeedsRows || encoder->needsRows(round, block.first, block.count))
                encoder->accumulate(round, block.first, rowsOf(block));
        });
        encoder->finishRound(round);
    }
    EncodedPieces last;
    if (blocks.finishFirst)
        encoder->finish(last);
    std::vector<EncodedPieces> pieces(rowBlocks.size());
    forEach(rowBlocks.size(), blocks.threads,
        [&](std::size_t i) { encoder->encode(rowBlocks[i].first, rowsOf(rowBlocks[i]), pieces[i]); });
    for (const auto& piece : pieces)
        collector.take(piece);
    if (!blocks.finishFirst)
        encoder->finish(last);
    collector.take(last);
    collector.checkComplete();
    return layer;
}

std::vector<float> decodeLayer(const StorageFormat& format, MatrixShape shape, const FormatParams& params,
    const StoredLayer& stored, std::int64_t rowsPerCall)
{
    const StoredReader reader
        = [&](std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) -> Status {
        if (tensor >= stored.bytes.size() || offset + dst.size() > stored.bytes[tensor].size())
            return fail(ErrorCode::Internal, "read outside tensor {}", tensor);
        std::copy_n(
            stored.bytes[tensor].begin() + static_cast<std::ptrdiff_t>(offset), dst.size(), dst.begin());
        return {};
    };
    auto decoder = format.decoder(shape, params, stored.tensors, reader);
    if (!decoder)
        throw std::runtime_error(decoder.error().message);
    std::vector<float> values(static_cast<std::size_t>(shape.rows * shape.cols));
    for (const RowBlock& block : cut(shape.rows, rowsPerCall, 1)) {
        const auto status = (*decoder)->decodeRows(block.first, block.count,
            std::span(values).subspan(static_cast<std::size_t>(block.first * shape.cols),
                static_cast<std::size_t>(block.count * shape.cols)));
        if (!status)
            throw std::runtime_error(status.error().message);
    }
    return values;
}

FormatParams resolved(
    const StorageFormat& format, MatrixShape shape, const FormatParams& wanted, Recipe recipe)
{
    auto params = format.resolve(shape, wanted, recipe);
    if (!params)
        throw std::runtime_error(params.error().message);
    return *params;
}

double snrDb(const std::vector<float>& weights, const std::vector<float>& decoded)
{
    double signal = 0, noise = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double error = static_cast<double>(decoded[i]) - static_cast<double>(weights[i]);
        signal += static_cast<double>(weights[i]) * static_cast<double>(weights[i]);
        noise += error * error;
    }
    return 10.0 * std::log10(signal / noise);
}

std::vector<float> normals(std::size_t count, std::uint32_t seed, float sigma)
{
    // An own generator: the standard's distributions differ between libraries.
    std::uint64_t state = 0x9E3779B97F4A7C15u * (seed + 1u);
    const auto uniform = [&] {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<double>(state >> 11) * 0x1p-53;
    };
    std::vector<float> values(count);
    for (float& value : values) {
        const double radius = std::sqrt(-2.0 * std::log(uniform() + 1e-18));
        value = sigma * static_cast<float>(radius * std::cos(6.283185307179586 * uniform()));
    }
    return values;
}

std::string difference(
    const GoldenTensor& expected, const StoredTensor& tensor, const std::vector<std::byte>& bytes)
{
    if (expected.dtype != nameOf(tensor.dtype) || expected.shape != tensor.shape)
        return "dtype or shape of " + tensor.suffix + " differ";
    if (expected.bytes.size() != bytes.size())
        return "size of " + tensor.suffix + " differs";
    const std::size_t width = static_cast<std::size_t>(bitsOf(tensor.dtype)) / 8;
    const auto* const actual = reinterpret_cast<const std::uint8_t*>(bytes.data());
    for (std::size_t i = 0; i < bytes.size(); i += width)
        if (std::memcmp(expected.bytes.data() + i, actual + i, width) != 0
            && !(isNaN(expected.dtype, expected.bytes.data() + i) && isNaN(expected.dtype, actual + i)))
            return fmt::format(
                "{}: element {} is {}, expected {}", tensor.suffix, i / width, actual[i], expected.bytes[i]);
    return {};
}

std::string difference(const std::vector<float>& expected, const std::vector<float>& actual)
{
    if (expected.size() != actual.size())
        return "sizes differ";
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (std::bit_cast<std::uint32_t>(expected[i]) != std::bit_cast<std::uint32_t>(actual[i])
            && !(std::isnan(expected[i]) && std::isnan(actual[i])))
            return fmt::format("value {} is {}, expected {}", i, actual[i], expected[i]);
    return {};
}

} // namespace mantissa::test
