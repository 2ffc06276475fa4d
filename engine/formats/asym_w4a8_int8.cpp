// SPDX-License-Identifier: GPL-3.0-or-later
// asym_w4a8_int8: 4-bit codes of a 16-level table (or 6-bit integers) in rotated rows, an E4M3 scale for
// every 16 columns and a float32 one for the row; the runtime multiplies the int8 values that both give
// (spec/quant-formats 3.14; comfy-kitchen 0.2.40's packer defines the plain rule).
#include "engine/formats/grids/group_grids.h"
#include "engine/formats/scaled_codes.h"
#include "engine/formats/w4a8_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace mantissa::formats {

namespace {

constexpr std::int64_t kWideUnit = 32; ///< divides the columns of 6-bit rows
constexpr float kLeast = 1e-8f; ///< of a group's largest magnitude

enum : std::size_t { kWeight, kGroupScales, kRowScales, kCodebook };

W4A8Layout layoutOf(MatrixShape shape, const FormatParams& params)
{
    W4A8Layout layout;
    layout.shape = shape;
    layout.group = params.blockSize == 0 ? kW4A8Group : params.blockSize;
    layout.bits = params.bits == 0 ? kW4A8Narrow : params.bits;
    layout.rotation = params.convrotGroup.value_or(kW4A8Rotation);
    return layout;
}

/// Values on the grid of the standard table, with the scales that it is made of.
void writeGridRows(const W4A8Layout& layout, std::int64_t firstRow, std::span<const float> values,
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
                grid[k] = w4a8OnGrid(kGaussianTable[k], scale) * rowScales[row];
            for (std::size_t i = g * size; i < (g + 1) * size; ++i)
                indices[i] = static_cast<std::uint8_t>(nearestLevel(grid, values[row * cols + i]));
        }
        packW4A8Codes(indices, layout.bits, codes.data() + row * rowBytes);
    }
    std::memcpy(out.add(kGroupScales, first * groups, scaleCodes.size()).data(), scaleCodes.data(),
        scaleCodes.size());
    addFloats(out, kRowScales, first, rowScales);
}

class AsymEncoder final : public LayerEncoder {
public:
    AsymEncoder(const W4A8Layout& layout, bool search, kernels::Precision precision)
        : m_layout(layout)
        , m_precision(precision)
        , m_kernels(kernels::activeKernels())
        , m_packer(layout, search)
        , m_sampler(layout.bits == kW4A8Narrow ? std::optional<TableSampler>(TableSampler(layout.shape))
                                               : std::nullopt)
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
            packW4A8Codes(indices, m_layout.bits, codes.data() + row * m_layout.rowBytes());
        }
        std::memcpy(
            out.add(kGroupScales, first * groups, scales.size()).data(), scales.data(), scales.size());
        addFloats(out, kRowScales, first, rowScales);
    }

    void finish(EncodedPieces& out) override
    {
        if (m_layout.bits == kW4A8Narrow)
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

    W4A8Layout m_layout;
    kernels::Precision m_precision;
    const kernels::KernelSet& m_kernels;
    W4A8Packer m_packer;
    std::optional<TableSampler> m_sampler;
    std::array<float, kTableLevels> m_table = kGaussianTable;
};

class AsymDecoder final : public LayerDecoder {
public:
    AsymDecoder(const W4A8Layout& layout, StoredReader reader)
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
        if (m_layout.bits == kW4A8Narrow) {
            if (auto read = readFloats(m_reader, kCodebook, 0, levels); !read)
                return read;
        } else {
            for (std::size_t i = 0; i < levels.size(); ++i)
                levels[i] = static_cast<float>(static_cast<int>(i) - kW4A8WideLevels - 1);
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
        std::array<float, std::size_t{1} << kW4A8Wide> values{};
        const std::byte* const high = codes + dst.size() / 2;
        for (std::size_t g = 0; g < m_layout.groups(); ++g) {
            const float scale = kernels::decodeE4M3(std::to_integer<std::uint8_t>(scales[g]));
            for (std::size_t i = 0; i < levels.size(); ++i)
                values[i] = w4a8OnGrid(levels[i], scale) * rowScale;
            for (std::size_t i = g * size; i < (g + 1) * size; ++i) {
                unsigned code = std::to_integer<unsigned>(codes[i / 2]) >> (4 * (i % 2)) & 15u;
                if (m_layout.bits == kW4A8Wide)
                    code |= (std::to_integer<unsigned>(high[i / 4]) >> (2 * (i % 4)) & 3u) << 4;
                dst[i] = values[code];
            }
        }
    }

    W4A8Layout m_layout;
    StoredReader m_reader;
    const kernels::KernelSet& m_kernels;
};

class AsymW4A8 final : public FormatBase {
public:
    using FormatBase::FormatBase;

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkOneScaling(shape, wanted, "block", "block"); !checked)
            return forward(std::move(checked));
        if (wanted.convrotGroup == 0)
            return fail(ErrorCode::Usage, "{} is a rotated format: ConvRot cannot be off", info().id);
        FormatParams params;
        params.scaling = "block";
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        params.blockSize = wanted.blockSize == 0 ? kW4A8Group : wanted.blockSize;
        params.bits = wanted.bits == 0 ? kW4A8Narrow : wanted.bits;
        if (std::find(info().blockSizes.begin(), info().blockSizes.end(), params.blockSize)
            == info().blockSizes.end())
            return fail(ErrorCode::Usage, "{} takes groups of {} columns, not {}", info().id,
                fmt::join(info().blockSizes, ", "), params.blockSize);
        if (params.bits != kW4A8Narrow && params.bits != kW4A8Wide)
            return fail(ErrorCode::Usage, "{} has codes of 4 or 6 bits, not of {}", info().id, params.bits);
        const std::int64_t unit
            = std::max<std::int64_t>(params.blockSize, params.bits == kW4A8Wide ? kWideUnit : 0);
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
        const W4A8Layout sizes = layoutOf(shape, params);
        std::vector<StoredTensor> tensors{
            {"weight", DType::I8, {shape.rows, static_cast<std::int64_t>(sizes.rowBytes())}},
            {"weight_s_rel", DType::F8E4M3, {shape.rows, static_cast<std::int64_t>(sizes.groups())}},
            {"weight_s_channel", DType::F32, {shape.rows}}};
        if (sizes.bits == kW4A8Narrow)
            tensors.push_back({"weight_codebook", DType::F32, {kTableLevels}});
        return tensors;
    }

    LayerSettings settings(
        MatrixShape, const FormatParams& params, std::string_view, Arithmetic) const override
    {
        SettingsWriter json;
        json.text("format", info().id)
            .number("group_size", params.blockSize)
            .number("convrot_groupsize", params.convrotGroup.value_or(kW4A8Rotation));
        if (params.bits == kW4A8Wide) // loaders see it from the width of the weight
            json.number("bits", kW4A8Wide);
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
        params.blockSize = read->groupSize == 0 ? kW4A8Group : read->groupSize;
        params.bits = read->bits == kW4A8Wide ? kW4A8Wide : kW4A8Narrow;
        params.convrotGroup = read->convrotGroup;
        return params;
    }

    FormatParams paramsFromTensors(
        FormatParams params, MatrixShape shape, const ShapeOf& shapeOf) const override
    {
        if (const auto weight = shapeOf("weight"); weight && weight->size() == 2)
            params.bits = (*weight)[1] * 8 == shape.cols * kW4A8Wide ? kW4A8Wide : kW4A8Narrow;
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
        const W4A8Layout sizes = layoutOf(shape, params);
        if (sizes.bits != kW4A8Narrow)
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
        const W4A8Layout sizes = layoutOf(shape, params);
        if (!isRotationGroup(sizes.rotation) || shape.cols % sizes.rotation != 0)
            return fail(ErrorCode::InvalidInput,
                "the rotation group {} is not a power of 4 that divides the {} columns", sizes.rotation,
                shape.cols);
        const std::int64_t unit = sizes.bits == kW4A8Wide ? kWideUnit : 2;
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
        .blockSizes = {kW4A8Group, 32, 64},
        .bitWidths = {kW4A8Narrow, kW4A8Wide},
        .ranks = {},
        .rotates = true,
        .embeddings = false,
    });
    return kFormat;
}

} // namespace mantissa::formats
