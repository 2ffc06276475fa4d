// SPDX-License-Identifier: GPL-3.0-or-later
// asym_w4a8_int8: 4-bit codes of a 16-level table (or 6-bit integers) in rotated rows, an E4M3 scale for
// every 16 columns and a float32 one for the row; the runtime multiplies the int8 values that both give
// (spec/quant-formats 3.14; comfy-kitchen 0.2.40's packer defines the plain rule).
#include "engine/formats/grids/group_grids.h"
#include "engine/formats/scaled_codes.h"
#include "engine/formats/table_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace mantissa::formats {

namespace {

constexpr int kDefaultGroup = 16, kLoaderRotation = 256; ///< what the loader takes without a key (spec 2)
constexpr int kNarrow = 4, kWide = 6; ///< bits a code
constexpr std::int64_t kWideUnit = 32; ///< divides the columns of 6-bit rows
constexpr int kWideLevels = 31; ///< codes −31 … 31, stored plus 32
constexpr float kInt8Max = 127.0f;
constexpr float kLeast = 1e-8f; ///< of scales and of the denominator of a refit
constexpr int kRefits = 2; ///< least-squares rounds of the group scale
constexpr std::uint8_t kLargestScaleCode = 0x7E; ///< 448; 0x7F is NaN
constexpr std::size_t kLanes = 16; ///< groups are cut into runs of 16 columns

enum : std::size_t { kWeight, kGroupScales, kRowScales, kCodebook };

struct Layout {
    MatrixShape shape;
    std::int64_t group = kDefaultGroup;
    int bits = kNarrow;
    int rotation = kLoaderRotation; ///< 0: the encoder is given rotated rows

    std::size_t cols() const { return static_cast<std::size_t>(shape.cols); }
    std::size_t groups() const { return cols() / static_cast<std::size_t>(group); }
    std::size_t rowBytes() const { return cols() * static_cast<std::size_t>(bits) / 8; }
};

Layout layoutOf(MatrixShape shape, const FormatParams& params)
{
    Layout layout;
    layout.shape = shape;
    layout.group = params.blockSize == 0 ? kDefaultGroup : params.blockSize;
    layout.bits = params.bits == 0 ? kNarrow : params.bits;
    layout.rotation = params.convrotGroup.value_or(kLoaderRotation);
    return layout;
}

/// The int8 value that a level becomes: round(level · scale), ties to even, clamped. Integers have one zero.
float onGrid(float level, float scale)
{
    return std::clamp(std::nearbyint(level * scale), -kInt8Max, kInt8Max) + 0.0f;
}

/// Index of the nearest of ascending levels; a tie takes the lower one, NaN the lowest.
std::size_t nearestOf(std::span<const float> levels, float value)
{
    const auto at
        = static_cast<std::size_t>(std::lower_bound(levels.begin(), levels.end(), value) - levels.begin());
    const std::size_t low = at == 0 ? 0 : at - 1, high = std::min(at, levels.size() - 1);
    return std::abs(value - levels[high]) < std::abs(value - levels[low]) ? high : low;
}

/// The same for a run of 16 values among 16 levels, without branches.
void nearestOfTable(const std::array<float, kTableLevels>& levels, const float* values, std::uint8_t* out)
{
    std::array<std::int32_t, kLanes> below{};
    for (const float level : levels)
        for (std::size_t l = 0; l < kLanes; ++l)
            below[l] += level < values[l] ? 1 : 0;
    for (std::size_t l = 0; l < kLanes; ++l) {
        const auto at = static_cast<std::size_t>(below[l]);
        const std::size_t low = at == 0 ? 0 : at - 1, high = std::min(at, kTableLevels - 1);
        const bool up = std::abs(values[l] - levels[high]) < std::abs(values[l] - levels[low]);
        out[l] = static_cast<std::uint8_t>(up ? high : low);
    }
}

/// Sum of a run of 16 float32 in the order of torch's CPU reduction.
float torchSum(const std::array<float, kLanes>& values)
{
    std::array<float, kLanes / 2> lanes{};
    for (std::size_t l = 0; l < lanes.size(); ++l)
        lanes[l] = values[l] + values[l + lanes.size()];
    float sum = 0;
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

/// Codes and scales of single rows.
class RowPacker {
public:
    RowPacker(const Layout& layout, bool search)
        : m_layout(layout)
        , m_search(search || layout.bits == kWide)
        , m_reach(search ? 2 : 1)
    {
        if (layout.bits == kWide)
            for (int level = -kWideLevels; level <= kWideLevels; ++level)
                m_levels.push_back(static_cast<float>(level));
    }

    void setTable(const std::array<float, kTableLevels>& table)
    {
        m_levels.assign(table.begin(), table.end());
    }

    /// `row` is rotated. Returns the row's scale; groupScales gets an E4M3 code a group, codes an index a
    /// column.
    float pack(std::span<const float> row, std::uint8_t* groupScales, std::uint8_t* codes) const
    {
        const auto size = static_cast<std::size_t>(m_layout.group);
        std::vector<float> scales(m_layout.groups());
        float largest = 0;
        for (std::size_t g = 0; g < scales.size(); ++g) {
            const auto values = row.subspan(g * size, size);
            scales[g] = fitGroup(values, codes + g * size);
            for (std::size_t i = 0; i < size; ++i) {
                const float value = std::abs(m_levels[codes[g * size + i]] * scales[g]);
                largest = value > largest ? value : largest;
            }
        }
        const float rowScale = std::max(finite(largest) / kInt8Max, kLeast);
        std::vector<float> target(size);
        for (std::size_t g = 0; g < scales.size(); ++g) {
            for (std::size_t i = 0; i < size; ++i)
                target[i] = row[g * size + i] / rowScale;
            std::uint8_t code = kernels::encodeE4M3(std::min(scales[g] / rowScale, kernels::kE4M3Max));
            if (m_search)
                code = searchScale(target, code);
            groupScales[g] = code;
            assignOnGrid(target, code, codes + g * size);
        }
        return rowScale;
    }

private:
    bool isTable() const { return m_layout.bits == kNarrow; }

    void assign(std::span<const float> values, float scale, std::uint8_t* codes) const
    {
        std::array<float, kLanes> scaled{};
        for (std::size_t i = 0; i < values.size(); i += kLanes) {
            for (std::size_t l = 0; l < kLanes; ++l)
                scaled[l] = values[i + l] / scale;
            if (isTable()) {
                nearestOfTable(table(), scaled.data(), codes + i);
                continue;
            }
            for (std::size_t l = 0; l < kLanes; ++l) {
                constexpr auto kLimit = static_cast<float>(kWideLevels);
                const float value = scaled[l] == scaled[l] ? scaled[l] : 0.0f;
                codes[i + l]
                    = static_cast<std::uint8_t>(std::clamp(std::nearbyint(value), -kLimit, kLimit) + kLimit);
            }
        }
    }

    /// The scale of a group from its largest magnitude and two least-squares refits; `codes` get the last
    /// assignment.
    float fitGroup(std::span<const float> values, std::uint8_t* codes) const
    {
        const float amax = finite(kernels::activeKernels().absmax(values.data(), values.size()));
        float scale = std::max(isTable() ? amax : amax / static_cast<float>(kWideLevels), kLeast);
        assign(values, scale, codes);
        for (int round = 0; round < kRefits; ++round) {
            float product = 0, square = 0;
            for (std::size_t i = 0; i < values.size(); i += kLanes) {
                std::array<float, kLanes> products{}, squares{};
                for (std::size_t l = 0; l < kLanes; ++l) {
                    const float level = m_levels[codes[i + l]];
                    products[l] = values[i + l] * level;
                    squares[l] = level * level;
                }
                product += torchSum(products);
                square += torchSum(squares);
            }
            const float fitted = product / std::max(square, kLeast);
            // NaN weights: the scale stays.
            if (fitted == fitted)
                scale = finite(std::max(fitted, kLeast));
            assign(values, scale, codes);
        }
        return scale;
    }

    std::uint8_t searchScale(std::span<const float> target, std::uint8_t plain) const
    {
        std::uint8_t best = plain;
        float bestError = errorOf(target, plain);
        for (int step = 1; step <= m_reach; ++step)
            for (const int code : {plain - step, plain + step}) {
                const auto candidate
                    = static_cast<std::uint8_t>(std::clamp(code, 1, static_cast<int>(kLargestScaleCode)));
                if (const float error = errorOf(target, candidate); error < bestError) {
                    bestError = error;
                    best = candidate;
                }
            }
        return best;
    }

    /// The grid of a group scale; the levels stay ascending, though neighbours may fall together.
    void gridOf(std::uint8_t scaleCode, std::span<float> grid) const
    {
        const float scale = kernels::decodeE4M3(scaleCode);
        for (std::size_t i = 0; i < grid.size(); ++i)
            grid[i] = onGrid(m_levels[i], scale);
    }

    float errorOf(std::span<const float> target, std::uint8_t scaleCode) const
    {
        if (isTable()) {
            kernels::GridValues values;
            values.kind = kernels::GridKind::IntegerLevels;
            values.levels = table();
            return gridError(values, target, kernels::decodeE4M3(scaleCode), 1.0f);
        }
        std::array<float, 2 * kWideLevels + 1> storage{};
        const auto grid = std::span(storage).first(m_levels.size());
        gridOf(scaleCode, grid);
        std::array<float, kLanes> squares{};
        float error = 0;
        for (std::size_t i = 0; i < target.size(); i += kLanes) {
            for (std::size_t l = 0; l < kLanes; ++l) {
                const float difference = grid[nearestOf(grid, target[i + l])] - target[i + l];
                squares[l] = difference * difference;
            }
            error += torchSum(squares);
        }
        return error;
    }

    void assignOnGrid(std::span<const float> target, std::uint8_t scaleCode, std::uint8_t* codes) const
    {
        std::array<float, 2 * kWideLevels + 1> storage{};
        const auto grid = std::span(storage).first(m_levels.size());
        gridOf(scaleCode, grid);
        for (std::size_t i = 0; i < target.size(); ++i)
            codes[i] = static_cast<std::uint8_t>(nearestOf(grid, target[i]));
    }

    std::array<float, kTableLevels> table() const
    {
        std::array<float, kTableLevels> levels{};
        std::copy_n(m_levels.begin(), kTableLevels, levels.begin());
        return levels;
    }

    Layout m_layout;
    bool m_search;
    int m_reach; ///< codes above and below that the search tries
    std::vector<float> m_levels;
};

/// 4 bits: two columns a byte, the even one low. 6 bits: so the low nibbles, then four columns a byte the
/// high pairs of bits.
void packCodes(std::span<const std::uint8_t> indices, int bits, std::byte* dst)
{
    auto* const bytes = reinterpret_cast<std::uint8_t*>(dst);
    const unsigned shift = bits == kWide ? 1 : 0; // level index 0 … 62 is stored as q + 32 = index + 1
    for (std::size_t i = 0; i < indices.size(); i += 2)
        bytes[i / 2]
            = static_cast<std::uint8_t>(((indices[i] + shift) & 15u) | ((indices[i + 1] + shift) & 15u) << 4);
    if (bits != kWide)
        return;
    std::uint8_t* const high = bytes + indices.size() / 2;
    for (std::size_t i = 0; i < indices.size(); ++i)
        high[i / 4]
            = static_cast<std::uint8_t>(high[i / 4] | ((indices[i] + shift) >> 4 & 3u) << (2 * (i % 4)));
}

/// Values on the grid of the standard table, with the scales that it is made of.
void writeGridRows(const Layout& layout, std::int64_t firstRow, std::span<const float> values,
    const GridScales& scales, EncodedPieces& out)
{
    const std::size_t cols = layout.cols(), groups = layout.groups(), rowBytes = layout.rowBytes();
    const auto size = static_cast<std::size_t>(layout.group),
               rowCount = static_cast<std::size_t>(scales.rows);
    const auto first = static_cast<std::uint64_t>(firstRow);
    const auto codes = out.add(kWeight, first * rowBytes, rowCount * rowBytes);
    std::vector<std::uint8_t> indices(cols), scaleCodes(rowCount * groups);
    std::vector<float> rowScales(rowCount);
    for (std::size_t row = 0; row < rowCount; ++row) {
        rowScales[row] = scales.second[row];
        for (std::size_t g = 0; g < groups; ++g) {
            scaleCodes[row * groups + g] = scales.code[g * rowCount + row];
            const float scale = scales.scale[g * rowCount + row];
            std::array<float, kTableLevels> grid{};
            for (std::size_t k = 0; k < kTableLevels; ++k)
                grid[k] = onGrid(kGaussianTable[k], scale) * rowScales[row];
            for (std::size_t i = g * size; i < (g + 1) * size; ++i)
                indices[i] = static_cast<std::uint8_t>(nearestOf(grid, values[row * cols + i]));
        }
        packCodes(indices, layout.bits, codes.data() + row * rowBytes);
    }
    std::memcpy(out.add(kGroupScales, first * groups, scaleCodes.size()).data(), scaleCodes.data(),
        scaleCodes.size());
    addFloats(out, kRowScales, first, rowScales);
}

class AsymEncoder final : public LayerEncoder {
public:
    AsymEncoder(const Layout& layout, bool search, kernels::Precision precision)
        : m_layout(layout)
        , m_precision(precision)
        , m_kernels(kernels::activeKernels())
        , m_packer(layout, search)
        , m_sampler(
              layout.bits == kNarrow ? std::optional<TableSampler>(TableSampler(layout.shape)) : std::nullopt)
    { }

    int statsRounds() const override { return m_sampler ? 1 : 0; }
    bool needsRows(int, std::int64_t firstRow, std::int64_t rowCount) const override
    {
        return m_sampler->wants(firstRow, rowCount);
    }

    void accumulate(int, std::int64_t firstRow, std::span<const float> rows) override
    {
        const auto rowCount = static_cast<std::int64_t>(rows.size() / m_layout.cols());
        for (std::int64_t row = 0; row < rowCount; ++row) {
            if (!m_sampler->wants(firstRow + row, 1))
                continue;
            std::vector<float> values = rotated(rows, static_cast<std::size_t>(row));
            const auto size = static_cast<std::size_t>(m_layout.group);
            for (std::size_t begin = 0; begin < values.size(); begin += size) {
                const float amax = std::max(finite(m_kernels.absmax(values.data() + begin, size)), kLeast);
                for (std::size_t i = begin; i < begin + size; ++i)
                    values[i] /= amax;
            }
            m_sampler->add(firstRow + row, values);
        }
    }

    void finishRound(int) override
    {
        m_table = m_sampler->table();
        m_packer.setTable(m_table);
    }

    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        const std::size_t cols = m_layout.cols(), rowCount = rows.size() / cols, groups = m_layout.groups();
        std::vector<std::uint8_t> scales(rowCount * groups), indices(cols);
        std::vector<float> rowScales(rowCount);
        const auto first = static_cast<std::uint64_t>(firstRow);
        const auto codes = out.add(kWeight, first * m_layout.rowBytes(), rowCount * m_layout.rowBytes());
        for (std::size_t row = 0; row < rowCount; ++row) {
            rowScales[row] = m_packer.pack(rotated(rows, row), scales.data() + row * groups, indices.data());
            packCodes(indices, m_layout.bits, codes.data() + row * m_layout.rowBytes());
        }
        std::memcpy(
            out.add(kGroupScales, first * groups, scales.size()).data(), scales.data(), scales.size());
        addFloats(out, kRowScales, first, rowScales);
    }

    void finish(EncodedPieces& out) override
    {
        if (m_layout.bits == kNarrow)
            addFloats(out, kCodebook, 0, m_table);
    }

private:
    std::vector<float> rotated(std::span<const float> rows, std::size_t row) const
    {
        const auto values = rows.subspan(row * m_layout.cols(), m_layout.cols());
        std::vector<float> copy(values.begin(), values.end());
        if (m_layout.rotation != 0)
            m_kernels.rotate(
                copy.data(), copy.size(), static_cast<std::size_t>(m_layout.rotation), m_precision);
        return copy;
    }

    Layout m_layout;
    kernels::Precision m_precision;
    const kernels::KernelSet& m_kernels;
    RowPacker m_packer;
    std::optional<TableSampler> m_sampler;
    std::array<float, kTableLevels> m_table = kGaussianTable;
};

class AsymDecoder final : public LayerDecoder {
public:
    AsymDecoder(const Layout& layout, StoredReader reader)
        : m_layout(layout)
        , m_reader(std::move(reader))
        , m_kernels(kernels::activeKernels())
    { }

    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        const std::size_t cols = m_layout.cols(), groups = m_layout.groups(), bytes = m_layout.rowBytes();
        const auto rows = static_cast<std::size_t>(rowCount);
        const auto first = static_cast<std::uint64_t>(firstRow);
        std::vector<std::byte> codes(rows * bytes), scales(rows * groups);
        std::vector<float> rowScales(rows), levels(std::size_t{1} << m_layout.bits);
        if (auto read = m_reader(kWeight, first * bytes, codes); !read)
            return read;
        if (auto read = m_reader(kGroupScales, first * groups, scales); !read)
            return read;
        if (auto read = readFloats(m_reader, kRowScales, first, rowScales); !read)
            return read;
        if (m_layout.bits == kNarrow) {
            if (auto read = readFloats(m_reader, kCodebook, 0, levels); !read)
                return read;
        } else {
            for (std::size_t i = 0; i < levels.size(); ++i)
                levels[i] = static_cast<float>(static_cast<int>(i) - kWideLevels - 1);
        }
        for (std::size_t row = 0; row < rows; ++row)
            decodeRow(codes.data() + row * bytes, scales.data() + row * groups, rowScales[row], levels,
                dst.subspan(row * cols, cols));
        m_kernels.rotate( // the matrix is its own inverse
            dst.data(), dst.size(), static_cast<std::size_t>(m_layout.rotation), kernels::Precision::F32);
        return {};
    }

private:
    void decodeRow(const std::byte* codes, const std::byte* scales, float rowScale,
        std::span<const float> levels, std::span<float> dst) const
    {
        const auto size = static_cast<std::size_t>(m_layout.group);
        std::array<float, std::size_t{1} << kWide> values{};
        const std::byte* const high = codes + dst.size() / 2;
        for (std::size_t g = 0; g < m_layout.groups(); ++g) {
            const float scale = kernels::decodeE4M3(std::to_integer<std::uint8_t>(scales[g]));
            for (std::size_t i = 0; i < levels.size(); ++i)
                values[i] = onGrid(levels[i], scale) * rowScale;
            for (std::size_t i = g * size; i < (g + 1) * size; ++i) {
                unsigned code = std::to_integer<unsigned>(codes[i / 2]) >> (4 * (i % 2)) & 15u;
                if (m_layout.bits == kWide)
                    code |= (std::to_integer<unsigned>(high[i / 4]) >> (2 * (i % 4)) & 3u) << 4;
                dst[i] = values[code];
            }
        }
    }

    Layout m_layout;
    StoredReader m_reader;
    const kernels::KernelSet& m_kernels;
};

class AsymW4A8 final : public FormatBase {
public:
    using FormatBase::FormatBase;

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkMatrix(shape); !checked)
            return forward(std::move(checked));
        if (!wanted.scaling.empty() && wanted.scaling != "block")
            return fail(ErrorCode::Unsupported, "{} has one scale per block, not \"{}\" scaling", info().id,
                wanted.scaling);
        if (wanted.convrotGroup == 0)
            return fail(ErrorCode::Usage, "{} is a rotated format: ConvRot cannot be off", info().id);
        FormatParams params;
        params.scaling = "block";
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        params.blockSize = wanted.blockSize == 0 ? kDefaultGroup : wanted.blockSize;
        params.bits = wanted.bits == 0 ? kNarrow : wanted.bits;
        if (std::find(info().blockSizes.begin(), info().blockSizes.end(), params.blockSize)
            == info().blockSizes.end())
            return fail(ErrorCode::Usage, "{} takes groups of {} columns, not {}", info().id,
                fmt::join(info().blockSizes, ", "), params.blockSize);
        if (params.bits != kNarrow && params.bits != kWide)
            return fail(ErrorCode::Usage, "{} has codes of 4 or 6 bits, not of {}", info().id, params.bits);
        const std::int64_t unit
            = std::max<std::int64_t>(params.blockSize, params.bits == kWide ? kWideUnit : 0);
        if (shape.cols % unit != 0)
            return fail(ErrorCode::Unsupported, "{} must divide the {} input features", unit, shape.cols);
        params.convrotGroup = wanted.convrotGroup.value_or(fittingRotation(shape.cols));
        if (!isRotationGroup(*params.convrotGroup))
            return fail(ErrorCode::Usage,
                "ConvRot turns groups of 4, 16, 64, 256, 1024 or 4096 columns, not {}", *params.convrotGroup);
        if (shape.cols % *params.convrotGroup != 0)
            return fail(ErrorCode::Unsupported, "the rotation group {} must divide the {} input features",
                *params.convrotGroup, shape.cols);
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams& params) const override
    {
        const Layout sizes = layoutOf(shape, params);
        std::vector<StoredTensor> tensors{
            {"weight", DType::I8, {shape.rows, static_cast<std::int64_t>(sizes.rowBytes())}},
            {"weight_s_rel", DType::F8E4M3, {shape.rows, static_cast<std::int64_t>(sizes.groups())}},
            {"weight_s_channel", DType::F32, {shape.rows}}};
        if (sizes.bits == kNarrow)
            tensors.push_back({"weight_codebook", DType::F32, {kTableLevels}});
        return tensors;
    }

    LayerSettings settings(
        MatrixShape, const FormatParams& params, std::string_view, Arithmetic) const override
    {
        SettingsWriter json;
        json.text("format", info().id)
            .number("group_size", params.blockSize)
            .number("convrot_groupsize", params.convrotGroup.value_or(kLoaderRotation));
        if (params.bits == kWide) // loaders see it from the width of the weight
            json.number("bits", kWide);
        if (params.fullPrecisionMatrixMult)
            json.flag("full_precision_matrix_mult", true);
        return {json.str(), json.str()};
    }

    Result<FormatParams> paramsFromSettings(std::string_view json, MatrixShape) const override
    {
        auto read = readSettings(json, info().id);
        if (!read)
            return forward(std::move(read));
        FormatParams params;
        params.scaling = "block";
        params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
        params.blockSize = read->groupSize == 0 ? kDefaultGroup : read->groupSize;
        params.bits = read->bits == kWide ? kWide : kNarrow;
        params.convrotGroup = read->convrotGroup;
        return params;
    }

    FormatParams paramsFromTensors(
        FormatParams params, MatrixShape shape, const ShapeOf& shapeOf) const override
    {
        if (const auto weight = shapeOf("weight"); weight && weight->size() == 2)
            params.bits = (*weight)[1] * 8 == shape.cols * kWide ? kWide : kNarrow;
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        // As with convrot_w4a4, the plain recipe is comfy-kitchen's packer, which rotates in the dtype of the
        // input; the search is ours, in float32.
        const bool search = request.recipe == Recipe::Fast && request.arithmetic == Arithmetic::Default;
        return std::make_unique<AsymEncoder>(layoutOf(request.shape, request.params), search,
            search ? kernels::Precision::F32 : kitchenPrecision(request.source));
    }

    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const override
    {
        const Layout sizes = layoutOf(shape, params);
        if (sizes.bits != kNarrow)
            return fail(ErrorCode::Unsupported,
                "the 6-bit codes of {} are made by its own search only: no method is written for that grid",
                info().id);
        return CodeGrid(
            w4a8Grid(shape, sizes.group, static_cast<std::size_t>(sizes.rotation), kGaussianTable),
            {.rows = [sizes](std::int64_t firstRow, std::span<const float> values, const GridScales& scales,
                         EncodedPieces& out) { writeGridRows(sizes, firstRow, values, scales, out); },
                .finish = [](std::span<const GridScales>,
                              EncodedPieces& out) { addFloats(out, kCodebook, 0, kGaussianTable); }});
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        const Layout sizes = layoutOf(shape, params);
        if (!isRotationGroup(sizes.rotation) || shape.cols % sizes.rotation != 0)
            return fail(ErrorCode::InvalidInput,
                "the rotation group {} is not a power of 4 that divides the {} columns", sizes.rotation,
                shape.cols);
        const std::int64_t unit = sizes.bits == kWide ? kWideUnit : 2;
        if (sizes.group <= 0 || shape.cols % sizes.group != 0 || shape.cols % unit != 0)
            return fail(ErrorCode::InvalidInput, "the group size {} and {} must divide the {} input features",
                sizes.group, unit, shape.cols);
        const auto contract = layout(shape, params);
        for (std::size_t i = 0; i < contract.size(); ++i) {
            const DType byte = i == kWeight || i == kGroupScales ? DType::U8 : contract[i].dtype;
            if (auto checked
                = checkStored(stored, i, contract[i].suffix, {contract[i].dtype, byte}, {contract[i].shape});
                !checked)
                return forward(std::move(checked));
        }
        return std::make_unique<AsymDecoder>(sizes, std::move(reader));
    }
};

} // namespace

const StorageFormat& asymW4A8Format()
{
    static const AsymW4A8 kFormat({
        .id = "asym_w4a8_int8",
        .name = "INT4 W4A8",
        .badge = "W8",
        .summary
        = "Rotated 4-bit codes (or 6-bit ones) that are multiplied as 8-bit integers: near FP8's quality "
          "at half its size, from RTX 30 on.",
        .loader = LoaderSupport::Stock,
        .loaderNote = "ComfyUI 0.33 or newer (read, not run; 0.29 refuses the file)",
        .bitsPerWeight = 4.5,
        .computeCapability = 80,
        .scalings = {},
        .blockSizes = {kDefaultGroup, 32, 64},
        .bitWidths = {kNarrow, kWide},
        .ranks = {},
        .rotates = true,
        .embeddings = false,
    });
    return kFormat;
}

} // namespace mantissa::formats
