// SPDX-License-Identifier: GPL-3.0-or-later
// svdquant_w4a4 and svdquant_nvfp4: a low-rank branch in 16 bits beside a 4-bit residual, and a factor per
// input channel that the activations are divided by (spec/quant-formats 3.16, spec/algorithms 1.10):
//   y = (x / smooth) · q(residual)ᵀ + x · down · upᵀ
//
// svdquant_w4a4 is comfy-kitchen's natural layout (its layout class exists, no ComfyUI registers it).
// svdquant_nvfp4 puts the same branch beside nvfp4's tensors: nunchaku's own files with that residual are in
// a private order, so this layout is ours, for analysis only.
#include "engine/formats/group_codes.h"
#include "engine/formats/low_rank_branch.h"

#include <algorithm>
#include <cmath>

namespace mantissa::formats {

namespace {

constexpr int kDefaultRank = 32; ///< spec/algorithms 1.10 and 4.2
constexpr int kLargestRank = 1024; ///< of other tools' files
constexpr std::int64_t kInt4Group = 64;

/// What the residual is stored in.
struct Residual {
    bool nvfp4 = false;

    GroupSpec groups(MatrixShape shape) const
    {
        return {shape, kInt4Group, /*asymmetric=*/false, /*searchScale=*/false};
    }
    FormatParams params() const
    {
        FormatParams params;
        params.scaling = "block";
        params.blockSize = 16;
        return params;
    }
    std::vector<StoredTensor> layout(MatrixShape shape) const
    {
        return nvfp4 ? nvfp4Format().layout(shape, params()) : groupLayout(groups(shape));
    }
    std::unique_ptr<LayerEncoder> encoder(MatrixShape shape, bool search) const
    {
        if (!nvfp4) {
            GroupSpec spec = groups(shape);
            spec.searchScale = search;
            return makeGroupEncoder(spec);
        }
        EncodeRequest request;
        request.shape = shape;
        request.params = params();
        request.recipe = search ? Recipe::Fast : Recipe::Absmax;
        return nvfp4Format().encoder(request);
    }
    Result<std::unique_ptr<LayerDecoder>> decoder(
        MatrixShape shape, std::span<const StoredTensor> stored, StoredReader reader) const
    {
        if (nvfp4)
            return nvfp4Format().decoder(shape, params(), stored, std::move(reader));
        if (auto checked = checkGroupTensors(groups(shape), stored); !checked)
            return forward(std::move(checked));
        return makeGroupDecoder(groups(shape), stored, std::move(reader));
    }
};

/// Both branches of a layer: the rounds of the low-rank branch come first, then those of the residual.
class BranchEncoder final : public LayerEncoder {
public:
    BranchEncoder(const Residual& residual, const EncodeRequest& request)
        : m_shape(request.shape)
        , m_rank(static_cast<std::size_t>(request.params.rank))
        , m_firstTensor(residual.layout(request.shape).size())
        , m_smooth(cols(), 1.0f)
        , m_branch(request.shape, request.params.rank)
        , m_residual(residual.encoder(
              request.shape, request.recipe == Recipe::Fast && request.arithmetic == Arithmetic::Default))
    {
        if (request.inputScale.size() == cols())
            for (std::size_t k = 0; k < cols(); ++k)
                m_smooth[k] = kernels::roundToBF16(1.0f / request.inputScale[k]);
    }

    std::int64_t rowGranularity() const override
    {
        return std::max(LowRankBranch::kStripRows, m_residual->rowGranularity());
    }
    int statsRounds() const override { return LowRankBranch::kRounds + m_residual->statsRounds(); }
    bool needsRows(int round, std::int64_t firstRow, std::int64_t rowCount) const override
    {
        return round < LowRankBranch::kRounds
            || m_residual->needsRows(round - LowRankBranch::kRounds, firstRow, rowCount);
    }

    void accumulate(int round, std::int64_t firstRow, std::span<const float> rows) override
    {
        if (round < LowRankBranch::kRounds)
            return m_branch.accumulate(round, rows);
        std::vector<float> up;
        m_residual->accumulate(round - LowRankBranch::kRounds, firstRow, residualOf(rows, up));
    }

    void finishRound(int round) override
    {
        if (round < LowRankBranch::kRounds)
            m_branch.finishRound(round);
        else
            m_residual->finishRound(round - LowRankBranch::kRounds);
    }

    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        std::vector<float> up;
        m_residual->encode(firstRow, residualOf(rows, up), out);
        addBF16(out, m_firstTensor + 1, static_cast<std::uint64_t>(firstRow) * m_rank, up);
    }

    void finish(EncodedPieces& out) override
    {
        m_residual->finish(out);
        addBF16(out, m_firstTensor, 0, m_branch.down());
        addBF16(out, m_firstTensor + 2, 0, m_smooth);
    }

private:
    std::size_t cols() const { return static_cast<std::size_t>(m_shape.cols); }

    /// What the branch leaves, times the smooth factor; `up` gets the branch's rows.
    std::vector<float> residualOf(std::span<const float> rows, std::vector<float>& up) const
    {
        std::vector<float> rest(rows.begin(), rows.end());
        up.resize(rows.size() / cols() * m_rank);
        for (std::size_t row = 0; row < rows.size() / cols(); ++row) {
            const auto ups = std::span(up).subspan(row * m_rank, m_rank);
            const auto values = std::span(rest).subspan(row * cols(), cols());
            m_branch.project(values, ups);
            m_branch.subtract(ups, values);
            for (std::size_t k = 0; k < cols(); ++k)
                values[k] *= m_smooth[k];
        }
        return rest;
    }

    MatrixShape m_shape;
    std::size_t m_rank, m_firstTensor;
    std::vector<float> m_smooth;
    LowRankBranch m_branch;
    std::unique_ptr<LayerEncoder> m_residual;
};

class BranchDecoder final : public LayerDecoder {
public:
    BranchDecoder(MatrixShape shape, std::span<const StoredTensor> stored, std::size_t firstTensor,
        std::unique_ptr<LayerDecoder> residual, StoredReader reader)
        : m_shape(shape)
        , m_rank(static_cast<std::size_t>(stored[firstTensor].shape[1]))
        , m_firstTensor(firstTensor)
        , m_stored(stored.begin(), stored.end())
        , m_residual(std::move(residual))
        , m_reader(std::move(reader))
    { }

    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        if (auto decoded = m_residual->decodeRows(firstRow, rowCount, dst); !decoded)
            return decoded;
        const auto cols = static_cast<std::size_t>(m_shape.cols);
        std::vector<float> down(cols * m_rank), up(static_cast<std::size_t>(rowCount) * m_rank), smooth(cols);
        if (auto read = readArray(0, 0, down); !read)
            return read;
        if (auto read = readArray(1, static_cast<std::uint64_t>(firstRow) * m_rank, up); !read)
            return read;
        if (auto read = readArray(2, 0, smooth); !read)
            return read;
        for (std::size_t row = 0; row < static_cast<std::size_t>(rowCount); ++row) {
            const auto values = dst.subspan(row * cols, cols);
            for (std::size_t k = 0; k < cols; ++k)
                values[k] /= smooth[k];
            addLowRank(std::span(up).subspan(row * m_rank, m_rank), down, values);
        }
        return {};
    }

private:
    Status readArray(std::size_t which, std::uint64_t first, std::span<float> dst) const
    {
        return readSmallFloats(
            m_reader, m_firstTensor + which, m_stored[m_firstTensor + which].dtype, first, dst);
    }

    MatrixShape m_shape;
    std::size_t m_rank, m_firstTensor;
    std::vector<StoredTensor> m_stored;
    std::unique_ptr<LayerDecoder> m_residual;
    StoredReader m_reader;
};

class SvdQuant final : public FormatBase {
public:
    SvdQuant(Residual residual, FormatInfo info)
        : FormatBase(std::move(info))
        , m_residual(residual)
    { }

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkOneScaling(shape, wanted, "block", "block"); !checked)
            return forward(std::move(checked));
        FormatParams params;
        params.scaling = "block";
        params.rank = wanted.rank == 0 ? kDefaultRank : wanted.rank;
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        if (std::find(info().ranks.begin(), info().ranks.end(), params.rank) == info().ranks.end())
            return fail(ErrorCode::Usage, "{} takes branches of rank {}, not {}", info().id,
                fmt::join(info().ranks, ", "), params.rank);
        if (!m_residual.nvfp4 && shape.cols % kInt4Group != 0)
            return fail(ErrorCode::Unsupported, "the group size {} must divide the {} input features",
                kInt4Group, shape.cols);
        if (std::min(shape.rows, shape.cols) < 2 * params.rank)
            return fail(ErrorCode::Unsupported,
                "a branch of rank {} needs a matrix of at least {} rows and columns, not [{}, {}]",
                params.rank, 2 * params.rank, shape.rows, shape.cols);
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams& params) const override
    {
        auto tensors = m_residual.layout(shape);
        const int rank = params.rank == 0 ? kDefaultRank : params.rank;
        tensors.push_back({"weight_proj_down", DType::BF16, {shape.cols, rank}});
        tensors.push_back({"weight_proj_up", DType::BF16, {shape.rows, rank}});
        tensors.push_back({"weight_smooth_factor", DType::BF16, {shape.cols}});
        return tensors;
    }

    LayerSettings settings(
        MatrixShape, const FormatParams& params, std::string_view, Arithmetic) const override
    {
        SettingsWriter json;
        json.text("format", info().id).number("rank", params.rank);
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
        params.rank = read->rank == 0 ? kDefaultRank : read->rank;
        params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
        return params;
    }

    FormatParams paramsFromTensors(FormatParams params, MatrixShape, const ShapeOf& shapeOf) const override
    {
        if (const auto down = shapeOf("weight_proj_down"); down && down->size() == 2)
            params.rank = static_cast<int>(std::clamp<std::int64_t>((*down)[1], 0, kLargestRank));
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        return std::make_unique<BranchEncoder>(m_residual, request);
    }

    /// The grid of the residual. Its writer leaves the branch empty and the smooth factors 1: a method that
    /// has others writes those three tensors over.
    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const override
    {
        auto residual = m_residual.nvfp4 ? nvfp4Format().codeGrid(shape, m_residual.params())
                                         : Result<CodeGrid>(groupGrid(m_residual.groups(shape)));
        if (!residual)
            return residual;
        const std::size_t first = m_residual.layout(shape).size();
        const auto rank = static_cast<std::size_t>(params.rank == 0 ? kDefaultRank : params.rank);
        return CodeGrid(residual->spec(),
            {.rows = residual->writer().rows,
                .finish = [=, inner = residual->writer().finish](
                              std::span<const GridScales> scales, EncodedPieces& out) {
                    if (inner)
                        inner(scales, out);
                    const auto cols = static_cast<std::size_t>(shape.cols);
                    addBF16(out, first, 0, std::vector<float>(cols * rank));
                    addBF16(
                        out, first + 1, 0, std::vector<float>(static_cast<std::size_t>(shape.rows) * rank));
                    addBF16(out, first + 2, 0, std::vector<float>(cols, 1.0f));
                }});
    }

    void roundInputFactors(std::span<float> factors) const override
    {
        for (float& factor : factors)
            factor = kernels::roundToBF16(factor);
    }

    /// The branch works on the inputs as they come, so the factors are part of its first half.
    void writeExtras(MatrixShape shape, const FormatParams& params, const LayerExtras& extras,
        EncodedPieces& out) const override
    {
        const std::size_t first = m_residual.layout(shape).size();
        const auto cols = static_cast<std::size_t>(shape.cols);
        if (!extras.inputFactors.empty())
            addBF16(out, first + 2, 0, {extras.inputFactors.begin(), extras.inputFactors.end()});
        const auto rank = static_cast<std::size_t>(params.rank == 0 ? kDefaultRank : params.rank);
        if (extras.branchDown.size() != rank * cols)
            return;
        std::vector<float> down(extras.branchDown.size());
        for (std::size_t r = 0; r < rank; ++r)
            for (std::size_t k = 0; k < cols; ++k)
                down[k * rank + r] = extras.branchDown[r * cols + k]
                    / (extras.inputFactors.empty() ? 1.0f : extras.inputFactors[k]);
        addBF16(out, first, 0, down);
        addBF16(out, first + 1, 0, {extras.branchUp.begin(), extras.branchUp.end()});
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        const auto contract = layout(shape, params);
        const std::size_t first = contract.size() - 3;
        auto residual = m_residual.decoder(shape, stored.first(std::min(first, stored.size())), reader);
        if (!residual)
            return forward(std::move(residual));
        for (std::size_t i = first; i < contract.size(); ++i)
            if (auto checked = checkStored(stored, i, contract[i].suffix, kSmallFloats, {contract[i].shape});
                !checked)
                return forward(std::move(checked));
        return std::make_unique<BranchDecoder>(shape, stored, first, std::move(*residual), std::move(reader));
    }

private:
    Residual m_residual;
};

} // namespace

const StorageFormat& svdquantW4A4Format()
{
    static const SvdQuant kFormat({false},
        {
            .id = "svdquant_w4a4",
            .name = "SVDQuant INT4",
            .badge = "SV",
            .summary = "4-bit integers for what a low-rank branch in 16 bits leaves, with 4-bit activations.",
            .loader = LoaderSupport::CustomNode,
            .loaderNote = "comfy-kitchen's layout; stock ComfyUI refuses the file",
            .bitsPerWeight = 4.5,
            .computeCapability = 80,
            .scalings = {},
            .blockSizes = {},
            .bitWidths = {},
            .ranks = {kDefaultRank, 16, 64, 128},
            .rotates = false,
            .embeddings = false,
        });
    return kFormat;
}

const StorageFormat& svdquantNvfp4Format()
{
    static const SvdQuant kFormat({true},
        {
            .id = "svdquant_nvfp4",
            .name = "SVDQuant NVFP4",
            .badge = "SN",
            .summary = "NVFP4 for what a low-rank branch in 16 bits leaves.",
            .loader = LoaderSupport::None,
            .loaderNote = "for analysis: no known runtime reads this layout",
            .bitsPerWeight = 4.75,
            .computeCapability = 100,
            .scalings = {},
            .blockSizes = {},
            .bitWidths = {},
            .ranks = {kDefaultRank, 16, 64, 128},
            .rotates = false,
            .embeddings = false,
        });
    return kFormat;
}

} // namespace mantissa::formats
