// SPDX-License-Identifier: GPL-3.0-or-later
// nf4 and fp4: bitsandbytes' 4-bit tables in one file (spec/quant-formats 3.17). The matrix is flattened;
// every block of the flat array, wherever its rows end, has a float32 absmax, or (scaling "nested",
// bitsandbytes' "double quantization") an 8-bit code of it. The settings are a stored tensor of their own,
// the only mark that loaders look for; nothing is added to the header.
//
// The search of Recipe::Fast chooses among scaled absmax values: the layout stores any
// (spec/algorithms 1.11).
#include "engine/formats/bnb_tables.h"
#include "engine/formats/grids/group_grids.h"
#include "engine/base/json.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace mantissa::formats {

namespace {

constexpr std::int64_t kDefaultBlock = 64;
constexpr std::int64_t kNestedBlock = 256; ///< blocks that share a nested scale
/// Settings are padded with spaces (JSON allows them) to the room of the longest dtype and offset, because
/// the size of a stored tensor must not depend on the statistics.
constexpr std::string_view kLongestDtype = "bfloat16";
constexpr std::size_t kLongestOffset = 24; ///< "-1.2345678901234567e-308"
/// Settings of other files are read up to this length.
constexpr std::int64_t kLongestSettings = 64 * 1024;

/// Layout of the stored tensors; the nested ones follow only where the scales are nested.
enum : std::size_t { kWeight, kAbsmax, kQuantMap, kState, kNestedAbsmax, kNestedMap };

/// Sizes of a flattened matrix.
struct FlatBlocks {
    MatrixShape shape;
    std::int64_t block = kDefaultBlock;
    bool nested = false;

    std::int64_t count() const { return shape.rows * shape.cols; }
    std::int64_t blocks() const { return (count() + block - 1) / block; }
    std::int64_t nestedBlocks() const { return (blocks() + kNestedBlock - 1) / kNestedBlock; }
    /// Rows after which a block ends too; blocks are even, so a byte ends there as well.
    std::int64_t granularity() const { return block / std::gcd(block, shape.cols); }
};

FlatBlocks flatBlocks(MatrixShape shape, const FormatParams& params)
{
    return {shape, params.blockSize == 0 ? kDefaultBlock : params.blockSize, params.scaling == "nested"};
}

/// As Python's repr() has a float.
std::string pythonFloat(double value)
{
    std::string text = fmt::format("{}", value);
    if (text.find_first_not_of("-0123456789") == std::string::npos)
        text += ".0";
    return text;
}

std::string stateText(
    const BnbTable& table, const FlatBlocks& sizes, std::string_view dtype, std::string_view offset)
{
    SettingsWriter json;
    json.text("quant_type", table.name).number("blocksize", sizes.block).text("dtype", dtype);
    json.shape("shape", sizes.shape);
    if (sizes.nested) {
        json.number("nested_blocksize", kNestedBlock).text("nested_dtype", "float32");
        if (!offset.empty())
            json.raw("nested_offset", offset);
    }
    return json.str();
}

/// "bfloat16" of "torch.bfloat16".
std::string_view plainDtype(std::string_view torchDtype)
{
    constexpr std::string_view kPrefix = "torch.";
    return torchDtype.starts_with(kPrefix) ? torchDtype.substr(kPrefix.size()) : torchDtype;
}

std::size_t stateSize(const BnbTable& table, const FlatBlocks& sizes)
{
    return stateText(table, sizes, kLongestDtype, std::string(kLongestOffset, '0')).size();
}

/// Two codes a byte, the even one high; an odd last one is joined by a zero.
void packCodes(std::span<const std::uint8_t> codes, std::byte* dst)
{
    for (std::size_t i = 0; i < codes.size(); i += 2)
        dst[i / 2] = static_cast<std::byte>(codes[i] << 4 | (i + 1 < codes.size() ? codes[i + 1] : 0));
}

/// What follows from the sizes alone, and for nested scales from `offset`: the table and the settings.
void addConstants(
    const BnbTable& table, const FlatBlocks& sizes, std::string_view dtype, float offset, EncodedPieces& out)
{
    addFloats(out, kQuantMap, 0, table.levels);
    std::string state = stateText(table, sizes, dtype, pythonFloat(static_cast<double>(offset)));
    state.resize(stateSize(table, sizes), ' ');
    std::memcpy(out.add(kState, 0, state.size()).data(), state.data(), state.size());
}

class BnbEncoder final : public LayerEncoder {
public:
    BnbEncoder(const BnbTable& table, const EncodeRequest& request)
        : m_table(table)
        , m_rounder(table)
        , m_sizes(flatBlocks(request.shape, request.params))
        , m_dtype(plainDtype(request.origDtype))
        , m_search(request.recipe == Recipe::Fast && request.arithmetic == Arithmetic::Default)
        , m_kernels(kernels::activeKernels())
    {
        if (m_sizes.nested)
            m_absmax.resize(static_cast<std::size_t>(m_sizes.blocks()));
    }

    std::int64_t rowGranularity() const override { return m_sizes.granularity(); }
    int statsRounds() const override { return m_sizes.nested ? 1 : 0; }

    void accumulate(int, std::int64_t firstRow, std::span<const float> rows) override
    {
        forEachBlock(firstRow, rows, [&](std::int64_t block, std::span<const float> values) {
            m_absmax[static_cast<std::size_t>(block)] = choose(values);
        });
    }

    void finishRound(int) override
    {
        double sum = 0;
        for (const float absmax : m_absmax)
            sum += static_cast<double>(absmax);
        m_offset = finite(static_cast<float>(sum / static_cast<double>(m_absmax.size())));
        m_nestedAbsmax.assign(static_cast<std::size_t>(m_sizes.nestedBlocks()), 0.0f);
        for (std::size_t i = 0; i < m_absmax.size(); ++i) {
            float& largest = m_nestedAbsmax[i / kNestedBlock];
            largest = std::max(largest, std::abs(m_absmax[i] - m_offset));
        }
    }

    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        const std::int64_t first = firstRow * m_sizes.shape.cols / m_sizes.block;
        const std::size_t blocks = (rows.size() + blockSize() - 1) / blockSize();
        std::vector<float> absmax(blocks);
        std::vector<std::uint8_t> codes(blockSize()), nested(m_sizes.nested ? blocks : 0);
        const auto packed
            = out.add(kWeight, static_cast<std::uint64_t>(first) * blockSize() / 2, (rows.size() + 1) / 2);
        forEachBlock(firstRow, rows, [&](std::int64_t block, std::span<const float> values) {
            const auto index = static_cast<std::size_t>(block - first);
            float scale = 0;
            if (m_sizes.nested) {
                const auto at = static_cast<std::size_t>(block);
                const float outer = m_nestedAbsmax[at / kNestedBlock];
                nested[index] = nestedCode(m_absmax[at], outer);
                // The plain rule takes its codes from the block's own absmax, as bitsandbytes does.
                scale = m_search ? bnbNestedMap()[nested[index]] * outer + m_offset : m_absmax[at];
            } else {
                scale = absmax[index] = choose(values);
            }
            m_rounder.codes(values, scale, values.size() < blockSize(), codes.data());
            packCodes(std::span(codes).first(values.size()), packed.data() + index * blockSize() / 2);
        });
        if (m_sizes.nested) {
            const auto piece = out.add(kAbsmax, static_cast<std::uint64_t>(first), blocks);
            std::memcpy(piece.data(), nested.data(), blocks);
        } else {
            addFloats(out, kAbsmax, static_cast<std::uint64_t>(first), absmax);
        }
    }

    void finish(EncodedPieces& out) override
    {
        addConstants(m_table, m_sizes, m_dtype, m_offset, out);
        if (m_sizes.nested) {
            addFloats(out, kNestedAbsmax, 0, m_nestedAbsmax);
            addFloats(out, kNestedMap, 0, bnbNestedMap());
        }
    }

private:
    std::size_t blockSize() const { return static_cast<std::size_t>(m_sizes.block); }

    template <typename Work>
    void forEachBlock(std::int64_t firstRow, std::span<const float> rows, const Work& work) const
    {
        std::int64_t block = firstRow * m_sizes.shape.cols / m_sizes.block;
        for (std::size_t begin = 0; begin < rows.size(); begin += blockSize())
            work(block++, rows.subspan(begin, std::min(blockSize(), rows.size() - begin)));
    }

    /// The absmax to store for a block: the largest magnitude, or the one with the least squared error.
    float choose(std::span<const float> values) const
    {
        const float largest = finite(m_kernels.absmax(values.data(), values.size()));
        // 0.80 to 1.12 times the absmax: on normal blocks of 64 this gains 0.67 dB, and 0.50 to 1.60 gains
        // 0.70 dB for three times the work. Below 2^-100 reciprocals overflow.
        constexpr int kFirst = -10, kLast = 6;
        constexpr float kStep = 0.02f, kSmallest = 0x1p-100f;
        if (!m_search || largest < kSmallest)
            return largest;
        float best = largest, bestError = m_rounder.error(values, largest);
        for (int k = kFirst; k <= kLast; ++k) {
            const float candidate = largest * (1.0f + kStep * static_cast<float>(k));
            const float error = k == 0 ? bestError : m_rounder.error(values, candidate);
            if (error < bestError && std::isfinite(candidate)) {
                best = candidate;
                bestError = error;
            }
        }
        return best;
    }

    /// The nearest entry of the dynamic map.
    std::uint8_t nestedCode(float absmax, float outer) const
    {
        if (outer == 0.0f) // all alike: the offset says everything (bitsandbytes' code of 0 / 0)
            return 0;
        return nearestNested((absmax - m_offset) * (1.0f / outer));
    }

    const BnbTable& m_table;
    BnbRounder m_rounder;
    FlatBlocks m_sizes;
    std::string m_dtype;
    bool m_search;
    const kernels::KernelSet& m_kernels;
    std::vector<float> m_absmax; ///< of every block, for nested scales
    std::vector<float> m_nestedAbsmax;
    float m_offset = 0;
};

class BnbDecoder final : public LayerDecoder {
public:
    BnbDecoder(const BnbTable& table, const FlatBlocks& sizes, std::size_t stateBytes, StoredReader reader)
        : m_table(table)
        , m_sizes(sizes)
        , m_stateBytes(stateBytes)
        , m_reader(std::move(reader))
    { }

    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        if (dst.empty())
            return {};
        const std::int64_t first = firstRow * m_sizes.shape.cols,
                           last = first + rowCount * m_sizes.shape.cols;
        std::vector<std::byte> packed(static_cast<std::size_t>((last + 1) / 2 - first / 2));
        if (auto read = m_reader(kWeight, static_cast<std::uint64_t>(first / 2), packed); !read)
            return read;
        const std::int64_t firstBlock = first / m_sizes.block;
        std::vector<float> absmax(static_cast<std::size_t>((last - 1) / m_sizes.block - firstBlock + 1));
        if (auto read = readAbsmax(firstBlock, absmax); !read)
            return read;
        for (std::int64_t i = first; i < last; ++i) {
            const auto byte = std::to_integer<unsigned>(packed[static_cast<std::size_t>(i / 2 - first / 2)]);
            const unsigned code = i % 2 == 0 ? byte >> 4 : byte & 15u;
            dst[static_cast<std::size_t>(i - first)]
                = m_table.levels[code] * absmax[static_cast<std::size_t>(i / m_sizes.block - firstBlock)];
        }
        return {};
    }

private:
    Status readAbsmax(std::int64_t firstBlock, std::span<float> dst) const
    {
        if (!m_sizes.nested)
            return readFloats(m_reader, kAbsmax, static_cast<std::uint64_t>(firstBlock), dst);
        std::vector<std::byte> codes(dst.size());
        if (auto read = m_reader(kAbsmax, static_cast<std::uint64_t>(firstBlock), codes); !read)
            return read;
        const std::int64_t firstOuter = firstBlock / kNestedBlock;
        const auto end = firstBlock + static_cast<std::int64_t>(dst.size());
        std::vector<float> outer(static_cast<std::size_t>((end - 1) / kNestedBlock - firstOuter + 1));
        if (auto read = readFloats(m_reader, kNestedAbsmax, static_cast<std::uint64_t>(firstOuter), outer);
            !read)
            return read;
        std::array<float, kBnbNestedLevels> map{};
        if (auto read = readFloats(m_reader, kNestedMap, 0, map); !read)
            return read;
        auto offset = readOffset();
        if (!offset)
            return forward(std::move(offset));
        for (std::size_t i = 0; i < dst.size(); ++i) {
            const auto block = (firstBlock + static_cast<std::int64_t>(i)) / kNestedBlock - firstOuter;
            dst[i] = map[std::to_integer<std::size_t>(codes[i])] * outer[static_cast<std::size_t>(block)]
                + *offset;
        }
        return {};
    }

    Result<float> readOffset() const
    {
        std::string text(m_stateBytes, '\0');
        if (auto read = m_reader(kState, 0, std::as_writable_bytes(std::span(text))); !read)
            return forward(std::move(read));
        const auto state = parseJson(text);
        const auto offset = state.is_object() ? state.find("nested_offset") : state.end();
        if (!state.is_object() || offset == state.end() || !offset->is_number())
            return fail(ErrorCode::InvalidInput, "the settings of nested scales have no nested_offset");
        return static_cast<float>(offset->get<double>());
    }

    const BnbTable& m_table;
    FlatBlocks m_sizes;
    std::size_t m_stateBytes;
    StoredReader m_reader;
};

class BnbFormat final : public FormatBase {
public:
    BnbFormat(const BnbTable& table, FormatInfo info)
        : FormatBase(std::move(info))
        , m_table(table)
    { }

    bool writesSettings() const override { return true; }

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkMatrix(shape); !checked)
            return forward(std::move(checked));
        FormatParams params;
        params.scaling = wanted.scaling.empty() ? "block" : wanted.scaling;
        params.blockSize = wanted.blockSize == 0 ? static_cast<int>(kDefaultBlock) : wanted.blockSize;
        if (params.scaling != "block" && params.scaling != "nested")
            return fail(ErrorCode::Usage, "{} is scaled by \"block\" or \"nested\", not by \"{}\"", info().id,
                params.scaling);
        if (std::find(info().blockSizes.begin(), info().blockSizes.end(), params.blockSize)
            == info().blockSizes.end())
            return fail(ErrorCode::Usage, "{} takes blocks of {}, not {}", info().id,
                fmt::join(info().blockSizes, ", "), params.blockSize);
        if (wanted.fullPrecisionMatrixMult)
            return fail(ErrorCode::Usage,
                "{} is always dequantized before it is multiplied: its settings have no key for that",
                info().id);
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams& params) const override
    {
        const FlatBlocks sizes = flatBlocks(shape, params);
        std::vector<StoredTensor> tensors{{"weight", DType::U8, {(sizes.count() + 1) / 2, 1}},
            {"weight.absmax", sizes.nested ? DType::U8 : DType::F32, {sizes.blocks()}},
            {"weight.quant_map", DType::F32, {kBnbLevels}},
            {fmt::format("weight.quant_state.bitsandbytes__{}", m_table.name), DType::U8,
                {static_cast<std::int64_t>(stateSize(m_table, sizes))}}};
        if (sizes.nested) {
            tensors.push_back({"weight.nested_absmax", DType::F32, {sizes.nestedBlocks()}});
            tensors.push_back({"weight.nested_quant_map", DType::F32, {kBnbNestedLevels}});
        }
        return tensors;
    }

    LayerSettings settings(
        MatrixShape shape, const FormatParams& params, std::string_view origDtype, Arithmetic) const override
    {
        const auto text = stateText(m_table, flatBlocks(shape, params), plainDtype(origDtype), {});
        return {text, text};
    }

    Result<FormatParams> paramsFromSettings(std::string_view text, MatrixShape) const override
    {
        const auto json = parseJson(text);
        if (!json.is_object())
            return fail(ErrorCode::InvalidInput, "the layer's settings are not a JSON object");
        if (const auto type = json.find("quant_type"); type != json.end() && *type != m_table.name)
            return fail(ErrorCode::InvalidInput, "the layer's settings name the table {}, not {}",
                type->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace), m_table.name);
        const auto block = json.find("blocksize");
        if (block == json.end() || !block->is_number_integer())
            return fail(ErrorCode::InvalidInput, "the layer's settings have no blocksize");
        FormatParams params;
        // What bitsandbytes allows; the limit also keeps a row block of the decoder in bounds.
        const auto size = block->get<std::int64_t>();
        if (size < 32 || size > 4096 || !std::has_single_bit(static_cast<std::uint64_t>(size)))
            return fail(ErrorCode::InvalidInput, "the layer's settings give blocksize as {}", size);
        params.blockSize = static_cast<int>(size);
        const auto nested = json.find("nested_blocksize");
        params.scaling = nested == json.end() ? "block" : "nested";
        if (nested != json.end() && *nested != kNestedBlock)
            return fail(ErrorCode::InvalidInput, "nested scales are shared by {} blocks, not by {}",
                kNestedBlock, nested->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        return std::make_unique<BnbEncoder>(m_table, request);
    }

    /// The settings that the grid's writer gives name bfloat16.
    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const override
    {
        const FlatBlocks sizes = flatBlocks(shape, params);
        if (sizes.nested)
            return fail(ErrorCode::Unsupported,
                "nested scales of {} follow from all blocks together: methods take scaling \"block\"",
                info().id);
        if (shape.cols % sizes.block != 0)
            return fail(ErrorCode::Unsupported, "the block size {} must divide the {} input features",
                sizes.block, shape.cols);
        const BnbTable& table = m_table;
        const BnbRounder rounder(table);
        return CodeGrid(levelGrid(shape, sizes.block, rounder.levels()),
            {.rows
                = [=](std::int64_t firstRow, std::span<const float> values, const GridScales& scales,
                      EncodedPieces& out) { writeGridRows(rounder, sizes, firstRow, values, scales, out); },
                .finish = [=, &table](std::span<const GridScales>,
                              EncodedPieces& out) { addConstants(table, sizes, kLongestDtype, 0.0f, out); }});
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        const auto contract = layout(shape, params);
        for (std::size_t i = 0; i < contract.size(); ++i) {
            // The settings of other tools are as long as they are, but must be readable.
            const bool isState = i == kState && i < stored.size() && stored[i].shape.size() == 1
                && stored[i].shape[0] > 0 && stored[i].shape[0] <= kLongestSettings;
            const Shape& wanted = isState ? stored[i].shape : contract[i].shape;
            const Shape packed = i == kWeight ? Shape{1, contract[i].shape[0]} : wanted;
            if (auto checked
                = checkStored(stored, i, contract[i].suffix, {contract[i].dtype}, {wanted, packed});
                !checked)
                return forward(std::move(checked));
        }
        return std::make_unique<BnbDecoder>(m_table, flatBlocks(shape, params),
            static_cast<std::size_t>(stored[kState].shape[0]), std::move(reader));
    }

private:
    /// Values on the grid, blocks that lie inside rows.
    static void writeGridRows(const BnbRounder& rounder, const FlatBlocks& sizes, std::int64_t firstRow,
        std::span<const float> values, const GridScales& scales, EncodedPieces& out)
    {
        const auto block = static_cast<std::size_t>(sizes.block);
        const auto cols = static_cast<std::size_t>(sizes.shape.cols);
        const auto rowCount = static_cast<std::size_t>(scales.rows), blocks = cols / block;
        std::vector<float> absmax(rowCount * blocks);
        std::vector<std::uint8_t> codes(block);
        const auto first = static_cast<std::uint64_t>(firstRow);
        const auto packed = out.add(kWeight, first * cols / 2, values.size() / 2);
        for (std::size_t row = 0; row < rowCount; ++row)
            for (std::size_t b = 0; b < blocks; ++b) {
                const std::size_t at = row * cols + b * block;
                const float scale = absmax[row * blocks + b] = scales.scale[b * rowCount + row];
                rounder.codes(values.subspan(at, block), scale, /*divide=*/true, codes.data());
                packCodes(codes, packed.data() + at / 2);
            }
        addFloats(out, kAbsmax, first * blocks, absmax);
    }

    const BnbTable& m_table;
};

FormatInfo infoOf(
    std::string_view id, std::string_view name, std::string_view badge, std::string_view summary)
{
    return {
        .id = id,
        .name = name,
        .badge = badge,
        .summary = summary,
        .loader = LoaderSupport::CustomNode,
        .loaderNote = "the NF4 loader nodes for ComfyUI, Forge, diffusers; stock ComfyUI does not read it",
        .bitsPerWeight = 4.5,
        .computeCapability = 0,
        .scalings = {"block", "nested"},
        .blockSizes = {static_cast<int>(kDefaultBlock), 128},
        .rotates = false,
        .embeddings = false,
    };
}

} // namespace

const StorageFormat& nf4Format()
{
    static const BnbFormat kFormat(kNf4Table,
        infoOf("nf4", "NF4", "NF",
            "4-bit normal quantiles with a scale for every 64 weights (bitsandbytes): small on any card, no "
            "faster than 16 bits."));
    return kFormat;
}

const StorageFormat& fp4Format()
{
    static const BnbFormat kFormat(kFp4Table,
        infoOf("fp4", "FP4 (bitsandbytes)", "F4",
            "4-bit floats with a scale for every 64 weights (bitsandbytes): worse than NF4 at the same size, "
            "for old files."));
    return kFormat;
}

} // namespace mantissa::formats
