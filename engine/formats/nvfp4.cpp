// SPDX-License-Identifier: GPL-3.0-or-later
// nvfp4: E2M1 codes, an E4M3 scale for every 16 columns, and one float32 scale (spec/quant-formats 3.9).
// Blocks of 8 and 32 columns are the same with another block size; no known runtime reads them.
#include "engine/formats/grids/grid_writers.h"

#include <algorithm>
#include <array>

namespace mantissa::formats {

namespace {

constexpr int kStandardBlock = 16;
constexpr std::int64_t kPadding = 16;
constexpr std::size_t kWeight = 0, kBlockScales = 1, kTensorScale = 2, kPreQuantScale = 3;

/// Largest E4M3 times largest E2M1: the plain rule's tensor scale is amax / 2688. The other variant keeps
/// block scales up to 256, so that a block's scale can still grow by half ("four over six",
/// spec/algorithms 1.9).
constexpr float kPlainRange = kernels::kE4M3Max * kernels::kE2M1Max;
constexpr float kRoomyRange = 256.0f * kernels::kE2M1Max;
/// Below this tensor scale the reciprocals of the search overflow: such tiny layers get the plain rule.
constexpr float kSmallestSearchScale = 0x1p-100f;
/// The variant is chosen on a sample: about this many strips of 128 rows, evenly spaced, from the first on.
constexpr std::int64_t kSampledStrips = 4;

/// Scale codes around the absmax rule's that a search tries: ratios 0.71 to 1.6. Errors that are weighted by
/// column gain from smaller scales too, so one step more than the kernel's search.
constexpr int kFirstStep = kernels::kNvfp4SearchFirst - 2, kLastStep = kernels::kNvfp4SearchLast;

/// Codes of a row that is on the grid already; even column in the high nibble.
void writeCodes(
    std::size_t block, std::span<const float> row, std::span<const float> scales, std::uint8_t* codes)
{
    for (std::size_t c = 0; c < row.size(); ++c) {
        const float scale = scales[c / block];
        const unsigned code = scale == 0.0f ? 0u : kernels::encodeE2M1(row[c] / scale);
        codes[c / 2] = static_cast<std::uint8_t>(codes[c / 2] | code << (c % 2 == 0 ? 4 : 0));
    }
}

BlockLayout blockLayout(MatrixShape shape, const FormatParams& params)
{
    const std::int64_t block = params.blockSize == 0 ? kStandardBlock : params.blockSize;
    BlockLayout layout;
    layout.shape = shape;
    layout.block = block;
    layout.paddedRows = roundUp(shape.rows, kPadding);
    layout.paddedCols = roundUp(shape.cols, std::max(kPadding, block));
    layout.rowBytes = layout.paddedCols / 2;
    layout.grid = TiledGrid(layout.paddedRows, layout.paddedCols / block);
    return layout;
}

class Nvfp4Encoder final : public LayerEncoder {
public:
    explicit Nvfp4Encoder(const EncodeRequest& request)
        : m_layout(blockLayout(request.shape, request.params))
        , m_kernels(kernels::activeKernels())
        , m_scalePrecision(request.arithmetic == Arithmetic::Kitchen ? kitchenPrecision(request.source)
                                                                     : kernels::Precision::F32)
        , m_roundToBF16(request.arithmetic == Arithmetic::CtqSimple)
        , m_search(request.recipe == Recipe::Fast && request.arithmetic == Arithmetic::Default)
        , m_strips((request.shape.rows + TiledGrid::kTileRows - 1) / TiledGrid::kTileRows)
        , m_stripStep(std::max<std::int64_t>(1, m_strips / kSampledStrips))
    {
        if (m_search)
            m_stripErrors.resize(static_cast<std::size_t>((m_strips + m_stripStep - 1) / m_stripStep));
        if (!request.params.preQuantScale)
            return;
        m_preQuantScale.assign(m_layout.cols(), 1.0f);
        if (request.inputScale.size() == m_layout.cols())
            for (std::size_t k = 0; k < m_layout.cols(); ++k)
                m_preQuantScale[k] = kernels::roundToBF16(request.inputScale[k]);
    }

    std::int64_t rowGranularity() const override { return TiledGrid::kTileRows; }
    int statsRounds() const override { return m_search ? 2 : 1; }

    bool needsRows(int round, std::int64_t firstRow, std::int64_t rowCount) const override
    {
        if (round == 0)
            return true;
        if (!m_searching || rowCount <= 0)
            return false;
        const std::int64_t first = roundUp(firstRow / TiledGrid::kTileRows, m_stripStep);
        return first * TiledGrid::kTileRows < firstRow + rowCount;
    }

    void accumulate(int round, std::int64_t firstRow, std::span<const float> original) override
    {
        std::vector<float> buffer;
        const auto rows = preScaled(original, buffer);
        if (round == 0) {
            m_maximum.add(m_kernels.absmax(rows.data(), rows.size()));
            return;
        }
        const auto rowCount = static_cast<std::int64_t>(rows.size() / m_layout.cols());
        for (std::int64_t begin = 0; m_searching && begin < rowCount; begin += TiledGrid::kTileRows) {
            const std::int64_t strip = (firstRow + begin) / TiledGrid::kTileRows;
            if (strip % m_stripStep != 0)
                continue;
            const std::int64_t count = std::min(TiledGrid::kTileRows, rowCount - begin);
            accumulateStrip(static_cast<std::size_t>(strip / m_stripStep),
                rows.subspan(static_cast<std::size_t>(begin) * m_layout.cols(),
                    static_cast<std::size_t>(count) * m_layout.cols()));
        }
    }

    void finishRound(int round) override
    {
        if (round == 0) {
            const float amax = finite(m_maximum.value());
            const float plain = roundTo(m_scalePrecision, amax / kPlainRange);
            // Nothing, or nothing that the scale's dtype can scale: codes 0, block scales 0, tensor scale 1
            // (3.9).
            m_empty = plain == 0.0f;
            m_tensorScale = m_empty ? 1.0f : plain;
            m_searching = m_search && plain >= kSmallestSearchScale;
            m_variants = {plain, amax / kRoomyRange};
            return;
        }
        if (!m_searching)
            return;
        std::array<double, 2> errors{};
        for (const auto& strip : m_stripErrors)
            for (std::size_t v = 0; v < errors.size(); ++v)
                errors[v] += strip[v];
        m_tensorScale = m_variants[errors[1] < errors[0] ? 1 : 0];
    }

    void encode(std::int64_t firstRow, std::span<const float> original, EncodedPieces& out) override
    {
        std::vector<float> buffer;
        const auto rows = preScaled(original, buffer);
        std::vector<float> rounded(m_roundToBF16 ? m_layout.cols() : 0);
        const auto block = static_cast<std::size_t>(m_layout.block);
        encodeBlockRows(
            m_layout, firstRow, rows,
            [&](std::span<const float> row, std::uint8_t* scales, std::uint8_t* codes) {
                if (m_empty)
                    return;
                const float* values = row.data();
                if (m_roundToBF16) {
                    m_kernels.roundTo(kernels::Precision::BF16, row.data(), row.size(), rounded.data());
                    values = rounded.data();
                }
                if (m_searching)
                    m_kernels.nvfp4SearchRow(values, row.size(), m_tensorScale, block, scales, codes);
                else
                    m_kernels.nvfp4Row(values, row.size(), m_tensorScale, block, scales, codes);
            },
            out);
    }

    void finish(EncodedPieces& out) override
    {
        addFloats(out, kTensorScale, 0, {&m_tensorScale, 1});
        if (!m_preQuantScale.empty())
            addBF16(out, kPreQuantScale, 0, m_preQuantScale);
    }

private:
    /// The rows as they are quantized: divided by what the input is multiplied with, if anything.
    std::span<const float> preScaled(std::span<const float> rows, std::vector<float>& buffer) const
    {
        if (m_preQuantScale.empty())
            return rows;
        buffer.resize(rows.size());
        for (std::size_t begin = 0; begin < rows.size(); begin += m_layout.cols())
            for (std::size_t k = 0; k < m_layout.cols(); ++k)
                buffer[begin + k] = rows[begin + k] / m_preQuantScale[k];
        return buffer;
    }

    void accumulateStrip(std::size_t index, std::span<const float> rows)
    {
        std::array<double, 2> errors{};
        for (std::size_t v = 0; v < errors.size(); ++v)
            for (std::size_t begin = 0; begin < rows.size(); begin += m_layout.cols())
                errors[v] += m_kernels.nvfp4SearchRow(rows.data() + begin, m_layout.cols(), m_variants[v],
                    static_cast<std::size_t>(m_layout.block), nullptr, nullptr);
        m_stripErrors[index] = errors;
    }

    BlockLayout m_layout;
    const kernels::KernelSet& m_kernels;
    kernels::Precision m_scalePrecision;
    bool m_roundToBF16, m_search;
    std::int64_t m_strips, m_stripStep;
    SharedMaximum m_maximum;
    bool m_empty = false, m_searching = false;
    float m_tensorScale = 1;
    std::array<float, 2> m_variants{};
    std::vector<float> m_preQuantScale; ///< as stored; empty: there is none
    std::vector<std::array<double, 2>>
        m_stripErrors; ///< a sampled strip's own place: no order of threads matters
};

class Nvfp4Decoder final : public LayerDecoder {
public:
    /// `preQuantScale`: dtype of that tensor, if there is one.
    Nvfp4Decoder(const BlockLayout& layout, std::optional<DType> preQuantScale, StoredReader reader)
        : m_layout(layout)
        , m_preQuantScale(preQuantScale)
        , m_reader(std::move(reader))
        , m_kernels(kernels::activeKernels())
    { }

    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        float tensorScale = 0;
        if (auto read = readFloats(m_reader, kTensorScale, 0, {&tensorScale, 1}); !read)
            return read;
        std::vector<float> inputScale(m_preQuantScale ? m_layout.cols() : 0);
        if (m_preQuantScale)
            if (auto read = readSmallFloats(m_reader, kPreQuantScale, *m_preQuantScale, 0, inputScale); !read)
                return read;
        return decodeBlockRows(
            m_layout, firstRow, rowCount, m_reader,
            [&](const std::uint8_t* codes, const std::uint8_t* scales, std::span<float> row) {
                m_kernels.decodeNvfp4Row(codes, scales, row.size(), tensorScale,
                    static_cast<std::size_t>(m_layout.block), row.data());
                // (x · s) Wᵀ = x (W · s)ᵀ: the weight for the input as it is.
                for (std::size_t k = 0; k < inputScale.size(); ++k)
                    row[k] *= inputScale[k];
            },
            dst);
    }

private:
    BlockLayout m_layout;
    std::optional<DType> m_preQuantScale;
    StoredReader m_reader;
    const kernels::KernelSet& m_kernels;
};

class Nvfp4 final : public FormatBase {
public:
    using FormatBase::FormatBase;

    LoaderSupport loaderSupport(const FormatParams& params) const override
    {
        return isStandard(params) ? info().loader : LoaderSupport::None;
    }
    std::string_view loaderNote(const FormatParams& params) const override
    {
        return isStandard(params) ? info().loaderNote
                                  : "NVFP4 blocks of 8 or 32 are loaded by no known runtime";
    }

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkOneScaling(shape, wanted, "block", "block"); !checked)
            return forward(std::move(checked));
        FormatParams params;
        params.scaling = "block";
        params.blockSize = wanted.blockSize == 0 ? kStandardBlock : wanted.blockSize;
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        params.preQuantScale = wanted.preQuantScale;
        if (!isOffered(params.blockSize))
            return fail(ErrorCode::Usage, "{} takes blocks of {}, not {}", info().id,
                fmt::join(info().blockSizes, ", "), params.blockSize);
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams& params) const override
    {
        const BlockLayout sizes = blockLayout(shape, params);
        std::vector<StoredTensor> tensors{{"weight", DType::U8, {sizes.paddedRows, sizes.rowBytes}},
            {"weight_scale", DType::F8E4M3, {sizes.grid.paddedRows(), sizes.grid.paddedCols()}},
            {"weight_scale_2", DType::F32, {}}};
        if (params.preQuantScale) // spec 2: the newest ComfyUI multiplies the input by it
            tensors.push_back({"pre_quant_scale", DType::BF16, {shape.cols}});
        return tensors;
    }

    FormatParams paramsFromTensors(FormatParams params, MatrixShape, const ShapeOf& shapeOf) const override
    {
        params.preQuantScale = shapeOf("pre_quant_scale").has_value();
        return params;
    }

    void roundInputFactors(std::span<float> factors) const override
    {
        for (float& factor : factors) // pre_quant_scale holds 1/t
            factor = 1.0f / kernels::roundToBF16(1.0f / factor);
    }

    void writeExtras(
        MatrixShape, const FormatParams& params, const LayerExtras& extras, EncodedPieces& out) const override
    {
        if (!params.preQuantScale || extras.inputFactors.empty())
            return;
        std::vector<float> scales(extras.inputFactors.begin(), extras.inputFactors.end());
        for (float& scale : scales)
            scale = 1.0f / scale;
        addBF16(out, kPreQuantScale, 0, scales);
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
        // The loader reads no block size: anything but a size that only we write is the standard.
        params.blockSize = isOffered(read->groupSize) ? read->groupSize : kStandardBlock;
        params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        return std::make_unique<Nvfp4Encoder>(request);
    }

    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const override
    {
        const BlockLayout sizes = blockLayout(shape, params);
        GridSpec spec;
        spec.shape = shape;
        spec.values.kind = kernels::GridKind::E2M1;
        spec.largest = kernels::kE2M1Max;
        spec.storage = ScaleStorage::E4M3OfTensor;
        spec.groupColumns = sizes.block;
        spec.rowGranularity = TiledGrid::kTileRows;
        spec.firstStep = kFirstStep;
        spec.lastStep = kLastStep;
        GridWriter writer = blockWriter(sizes,
            [block = static_cast<std::size_t>(sizes.block)](std::span<const float> row,
                std::span<const float> scales,
                std::uint8_t* codes) { writeCodes(block, row, scales, codes); });
        writer.finish = [](std::span<const GridScales> scales, EncodedPieces& out) {
            addFloats(out, kTensorScale, 0, {&scales.front().tensor, 1});
        };
        return CodeGrid(std::move(spec), std::move(writer));
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        const auto contract = layout(shape, params);
        if (auto checked = checkStored(stored, kWeight, "weight", {DType::U8}, {contract[kWeight].shape});
            !checked)
            return forward(std::move(checked));
        if (auto checked = checkStored(stored, kBlockScales, "weight_scale", {DType::F8E4M3, DType::U8},
                {contract[kBlockScales].shape});
            !checked)
            return forward(std::move(checked));
        if (auto checked = checkStored(stored, kTensorScale, "weight_scale_2", {DType::F32}, {{}, {1}});
            !checked)
            return forward(std::move(checked));
        std::optional<DType> preQuantScale;
        if (params.preQuantScale) {
            if (auto checked = checkStored(stored, kPreQuantScale, "pre_quant_scale", kSmallFloats,
                    {contract[kPreQuantScale].shape});
                !checked)
                return forward(std::move(checked));
            preQuantScale = stored[kPreQuantScale].dtype;
        }
        return std::make_unique<Nvfp4Decoder>(blockLayout(shape, params), preQuantScale, std::move(reader));
    }

private:
    static bool isStandard(const FormatParams& params)
    {
        return params.blockSize == 0 || params.blockSize == kStandardBlock;
    }
    bool isOffered(int block) const
    {
        return std::find(info().blockSizes.begin(), info().blockSizes.end(), block)
            != info().blockSizes.end();
    }
};

} // namespace

const StorageFormat& nvfp4Format()
{
    static const Nvfp4 kFormat({
        .id = "nvfp4",
        .name = "NVFP4",
        .badge = "N4",
        .summary = "4-bit floats with a scale for every 16 columns: the fast 4-bit format of RTX 50 cards.",
        .loader = LoaderSupport::Stock,
        .loaderNote = "ComfyUI since January 2026",
        .bitsPerWeight = 4.5,
        .computeCapability = 100,
        .scalings = {},
        .blockSizes = {kStandardBlock, 8, 32},
        .rotates = false,
        .embeddings = false,
    });
    return kFormat;
}

} // namespace mantissa::formats
