// SPDX-License-Identifier: GPL-3.0-or-later
// mxfp8: E4M3 codes with a power of two for every 32 columns (spec/quant-formats 3.10), and hybrid_mxfp8: the
// same bytes and the largest block scale as a scalar, for one custom node.
#include "engine/formats/grids/grid_writers.h"

#include <algorithm>

namespace mantissa::formats {

namespace {

constexpr std::int64_t kBlock = kernels::kMxfp8Block;
constexpr std::size_t kWeight = 0, kBlockScales = 1, kLargestScale = 2;

BlockLayout blockLayout(MatrixShape shape)
{
    BlockLayout layout;
    layout.shape = shape;
    layout.block = kBlock;
    layout.paddedRows = roundUp(shape.rows, kBlock);
    layout.paddedCols = roundUp(shape.cols, kBlock);
    layout.rowBytes = layout.paddedCols;
    layout.grid = TiledGrid(layout.paddedRows, layout.paddedCols / kBlock);
    return layout;
}

/// Codes of a row that is on the grid already.
void writeCodes(std::span<const float> row, std::span<const float> scales, std::uint8_t* codes)
{
    for (std::size_t c = 0; c < row.size(); ++c) {
        const float scale = scales[c / static_cast<std::size_t>(kBlock)];
        codes[c] = scale == 0.0f ? std::uint8_t{0} : kernels::encodeE4M3(row[c] / scale);
    }
}

void addLargestScale(std::uint8_t exponent, EncodedPieces& out)
{
    const float largest = exponent == 0 ? 1.0f : kernels::decodeE8M0(exponent);
    addFloats(out, kLargestScale, 0, {&largest, 1});
}

void writeLargestScale(std::span<const GridScales> scales, EncodedPieces& out)
{
    std::uint8_t exponent = 0;
    for (const GridScales& tile : scales)
        exponent = std::max(exponent, *std::max_element(tile.code.begin(), tile.code.end()));
    addLargestScale(exponent, out);
}

class Mxfp8Encoder final : public LayerEncoder {
public:
    Mxfp8Encoder(const EncodeRequest& request, bool hybrid)
        : m_layout(blockLayout(request.shape))
        , m_kernels(kernels::activeKernels())
        , m_roundToBF16(request.arithmetic == Arithmetic::CtqSimple)
        , m_hybrid(hybrid)
    { }

    std::int64_t rowGranularity() const override { return TiledGrid::kTileRows; }
    int statsRounds() const override { return m_hybrid ? 1 : 0; }

    void accumulate(int, std::int64_t, std::span<const float> rows) override
    {
        m_maximum.add(m_kernels.absmax(rows.data(), rows.size()));
    }

    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        std::vector<float> rounded(m_roundToBF16 ? m_layout.cols() : 0);
        encodeBlockRows(
            m_layout, firstRow, rows,
            [&](std::span<const float> row, std::uint8_t* scales, std::uint8_t* codes) {
                if (m_roundToBF16) {
                    m_kernels.roundTo(kernels::Precision::BF16, row.data(), row.size(), rounded.data());
                    row = rounded;
                }
                m_kernels.mxfp8Row(row.data(), row.size(), scales, codes);
            },
            out);
    }

    void finish(EncodedPieces& out) override
    {
        if (!m_hybrid)
            return;
        // Rounding and the exponent rule keep order: the largest block scale is that of the largest
        // magnitude.
        const float amax
            = m_roundToBF16 ? roundTo(kernels::Precision::BF16, m_maximum.value()) : m_maximum.value();
        addLargestScale(kernels::mxfp8Exponent(amax), out);
    }

private:
    BlockLayout m_layout;
    const kernels::KernelSet& m_kernels;
    bool m_roundToBF16, m_hybrid;
    SharedMaximum m_maximum;
};

class Mxfp8Decoder final : public LayerDecoder {
public:
    Mxfp8Decoder(const BlockLayout& layout, StoredReader reader)
        : m_layout(layout)
        , m_reader(std::move(reader))
        , m_kernels(kernels::activeKernels())
    { }

    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        return decodeBlockRows(
            m_layout, firstRow, rowCount, m_reader,
            [&](const std::uint8_t* codes, const std::uint8_t* scales, std::span<float> row) {
                m_kernels.decodeMxfp8Row(codes, scales, row.size(), row.data());
            },
            dst);
    }

private:
    BlockLayout m_layout;
    StoredReader m_reader;
    const kernels::KernelSet& m_kernels;
};

class Mxfp8 final : public FormatBase {
public:
    Mxfp8(FormatInfo info, bool hybrid)
        : FormatBase(std::move(info))
        , m_hybrid(hybrid)
    { }

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkOneScaling(shape, wanted, "block", "block"); !checked)
            return forward(std::move(checked));
        if (wanted.blockSize != 0 && wanted.blockSize != kBlock)
            return fail(
                ErrorCode::Usage, "{} has blocks of {} columns, not {}", info().id, kBlock, wanted.blockSize);
        FormatParams params;
        params.scaling = "block";
        params.blockSize = kBlock;
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams&) const override
    {
        const BlockLayout sizes = blockLayout(shape);
        std::vector<StoredTensor> tensors{{"weight", DType::F8E4M3, {sizes.paddedRows, sizes.paddedCols}},
            {"weight_scale", DType::U8, {sizes.grid.paddedRows(), sizes.grid.paddedCols()}}};
        if (m_hybrid)
            tensors.push_back({"weight_scalar", DType::F32, {}});
        return tensors;
    }

    LayerSettings settings(MatrixShape shape, const FormatParams& params, std::string_view origDtype,
        Arithmetic style) const override
    {
        return blockSettings(info().id, shape, params, origDtype, style);
    }

    Result<FormatParams> paramsFromSettings(std::string_view json, MatrixShape) const override
    {
        auto read = readSettings(json, info().id);
        if (!read)
            return forward(std::move(read));
        FormatParams params;
        params.scaling = "block";
        params.blockSize = kBlock;
        params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        // The rule by the largest magnitude is the best one there is (spec/algorithms 1.9): one recipe.
        return std::make_unique<Mxfp8Encoder>(request, m_hybrid);
    }

    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams&) const override
    {
        GridSpec spec;
        spec.shape = shape;
        spec.values.kind = kernels::GridKind::E4M3;
        spec.largest = kernels::kE4M3Max;
        spec.storage = ScaleStorage::PowerOfTwo;
        spec.groupColumns = kBlock;
        spec.rowGranularity = TiledGrid::kTileRows;
        GridWriter writer = blockWriter(blockLayout(shape), writeCodes);
        if (m_hybrid)
            writer.finish = writeLargestScale;
        return CodeGrid(std::move(spec), std::move(writer));
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        const auto contract = layout(shape, params);
        if (auto checked = checkStored(stored, kWeight, "weight", {DType::F8E4M3}, {contract[kWeight].shape});
            !checked)
            return forward(std::move(checked));
        if (auto checked = checkStored(stored, kBlockScales, "weight_scale", {DType::U8, DType::F8E8M0},
                {contract[kBlockScales].shape});
            !checked)
            return forward(std::move(checked));
        return std::make_unique<Mxfp8Decoder>(blockLayout(shape), std::move(reader));
    }

private:
    bool m_hybrid;
};

} // namespace

const StorageFormat& mxfp8Format()
{
    static const Mxfp8 kFormat(
        {
            .id = "mxfp8",
            .name = "MXFP8",
            .badge = "M8",
            .summary = "FP8 with a power-of-two scale for every 32 columns: for RTX 50 cards.",
            .loader = LoaderSupport::Stock,
            .loaderNote = "ComfyUI 0.29 or newer with torch 2.10 or newer",
            .bitsPerWeight = 8.25,
            .computeCapability = 100,
            .scalings = {},
            .blockSizes = {},
            .rotates = false,
            .embeddings = false,
        },
        /*hybrid=*/false);
    return kFormat;
}

const StorageFormat& hybridMxfp8Format()
{
    static const Mxfp8 kFormat(
        {
            .id = "hybrid_mxfp8",
            .name = "MXFP8 hybrid",
            .badge = "MH",
            .summary = "MXFP8 with an extra scale for the whole layer: no stock loader reads it.",
            .loader = LoaderSupport::CustomNode,
            .loaderNote = "needs a custom node (ComfyUI-QuantOps); stock ComfyUI refuses the file",
            .bitsPerWeight = 8.25,
            .computeCapability = 100,
            .scalings = {},
            .blockSizes = {},
            .rotates = false,
            .embeddings = false,
        },
        /*hybrid=*/true);
    return kFormat;
}

} // namespace mantissa::formats
