// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/layer_quantizer.h"

#include "engine/formats/stored_bytes.h"
#include "engine/torch/failure.h"
#include "engine/torch/quantize/bias_correction.h"
#include "engine/torch/quantize/coordinate_descent.h"
#include "engine/torch/quantize/gptq.h"
#include "engine/torch/quantize/low_rank_branch.h"
#include "engine/torch/quantize/row_scale_refit.h"
#include "engine/torch/quantize/scale_choice.h"
#include "engine/torch/quantize/smoothing.h"

#include <algorithm>
#include <cmath>

namespace mantissa {

namespace {

using namespace quantize;

/// Tokens that the gate, and the search for smoothing, look at; held-out tokens with odd numbers are the
/// gate's, the others the search's.
constexpr std::int64_t kGateTokens = 512, kSearchTokens = 256;

void requireSize(std::span<const float> values, std::int64_t size, std::string_view what)
{
    if (!values.empty() && values.size() != static_cast<std::size_t>(size))
        raise(ErrorCode::InvalidInput, "the statistics hold {} numbers of {}, not {}", values.size(), what,
            size);
}

/// Every second token from `first` on, at most `limit` of them, evenly spaced.
at::Tensor someTokens(
    std::span<const float> tokens, std::int64_t channels, std::int64_t first, std::int64_t limit)
{
    const std::int64_t count = static_cast<std::int64_t>(tokens.size()) / channels;
    const at::Tensor all = viewOf(tokens, count);
    if (count < 2)
        return all;
    const std::int64_t halves = (count - first + 1) / 2;
    const std::int64_t step = 2 * ((halves + limit - 1) / limit);
    return all.slice(0, first, count, step).contiguous();
}

/// What a runtime multiplies with.
struct Deployed {
    at::Tensor values; ///< [M, N] in the grid's basis
    at::Tensor factors, bias; ///< [N], [M]; undefined: none
    Branch branch;
    std::size_t rotation = 0;
};

at::Tensor outputOf(const Deployed& layer, ActivationGrid activations, const at::Tensor& tokens)
{
    const at::Tensor scaled = layer.factors.defined() ? tokens / layer.factors : tokens;
    at::Tensor rounded = scaled;
    if (layer.rotation != 0 || activations != ActivationGrid::None) {
        rounded = scaled.clone();
        rotateRows(rounded, layer.rotation);
        roundActivations(activations, spanOf(rounded), rounded.size(1));
    }
    at::Tensor output = at::mm(rounded, layer.values.t());
    if (layer.branch.defined())
        output.addmm_(at::mm(scaled, layer.branch.down.t()), layer.branch.up.t());
    if (layer.bias.defined())
        output += layer.bias;
    return output;
}

std::vector<float> vectorOf(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.contiguous();
    const auto values = spanOf(flat);
    return {values.begin(), values.end()};
}

/// One layer on its way through the steps.
class LayerRun {
public:
    explicit LayerRun(const LayerRequest& request)
        : m_request(request)
        , m_steps(request.steps)
        , m_source(viewOf(request.weights, request.shape.rows))
        , m_weight(m_source)
    {
        check();
        if (request.grid == nullptr)
            m_ownGrid.emplace(valueOf(request.format->codeGrid(request.shape, request.params)));
        m_deployed.rotation = grid().spec().rotation;
    }

    LayerOutcome run()
    {
        if (isPlain()) {
            plainLayer();
        } else {
            scaleColumns();
            rotate();
            useStatistics();
            if (m_steps.branchRank > 0)
                branchLayer();
            else
                quantizeAll(m_weight);
        }
        correctBias();
        if (m_request.gate && needsData())
            gate();
        fillOutcome();
        return std::move(m_outcome);
    }

private:
    const CodeGrid& grid() const { return m_request.grid != nullptr ? *m_request.grid : *m_ownGrid; }
    const LayerStatistics& statistics() const { return m_request.statistics; }
    std::int64_t cols() const { return m_request.shape.cols; }
    bool hasCodec() const { return m_request.format != nullptr && grid().canWrite(); }

    void check() const
    {
        const std::int64_t n = cols();
        if (m_request.format == nullptr && m_request.grid == nullptr)
            raise(ErrorCode::Internal, "a layer needs a format or a grid");
        if (m_request.weights.size() != static_cast<std::size_t>(m_request.shape.rows * n))
            raise(ErrorCode::Internal, "the weight has another size than its shape");
        requireSize(statistics().hessian, n * n, "second moments");
        requireSize(statistics().secondMoment, n, "squared inputs");
        requireSize(statistics().mean, n, "means");
        requireSize(statistics().absMax, n, "largest inputs");
        requireSize(statistics().meanAbs, n, "mean magnitudes");
        if (statistics().heldOutTokens.size() % static_cast<std::size_t>(n) != 0)
            raise(ErrorCode::InvalidInput, "held-out tokens are no rows of {} numbers", n);
        if (m_steps.needsHessian() && statistics().hessian.empty())
            raise(ErrorCode::Usage, "this recipe needs the second moments of the layer's inputs");
        if (m_steps.biasCorrection && m_request.hasBias && statistics().mean.empty())
            raise(ErrorCode::Usage, "bias correction needs the means of the layer's inputs");
    }

    /// Plain rounding by the format's encoder, or nothing that data has a part in.
    bool isPlain() const
    {
        return !m_steps.needsHessian() && m_steps.branchRank == 0 && !weightedScales()
            && m_steps.columnScaling == ColumnScaling::None;
    }
    bool needsData() const { return !isPlain() || !correction().empty(); }
    bool weightedScales() const
    {
        return m_steps.weightedScales && m_steps.scales == ScaleRule::LeastSquares
            && !(statistics().hessian.empty() && statistics().secondMoment.empty());
    }
    std::span<const float> correction() const
    {
        return m_steps.biasCorrection && m_request.hasBias ? statistics().mean : std::span<const float>();
    }

    // --- Steps ---------------------------------------------------------------------------------------------

    /// Rotates what is in the original basis into the grid's.
    at::Tensor rotated(const at::Tensor& matrix) const
    {
        if (m_deployed.rotation == 0)
            return matrix;
        const at::Tensor copy = matrix.clone();
        rotateRows(copy, m_deployed.rotation);
        return copy;
    }

    Deployed makePlain(StoredBytes& stored) const
    {
        Deployed plain;
        plain.rotation = m_deployed.rotation;
        if (hasCodec()) {
            const Recipe recipe = m_steps.scales == ScaleRule::Absmax && !m_steps.needsHessian()
                ? Recipe::Absmax
                : Recipe::Fast;
            stored = encodeWhole(*m_request.format,
                {m_request.shape, DType::F32, m_request.params, recipe, Arithmetic::Default},
                m_request.weights);
            const auto decoded
                = valueOf(decodeWhole(*m_request.format, m_request.shape, m_request.params, stored));
            plain.values = rotated(viewOf(decoded, m_request.shape.rows)).clone();
        } else {
            plain.values = roundLayer(rotated(m_source), grid(), m_steps.scales);
        }
        return plain;
    }

    void plainLayer()
    {
        m_deployed = makePlain(m_outcome.stored);
        rotate();
    }

    void scaleColumns()
    {
        if (m_steps.columnScaling == ColumnScaling::None)
            return;
        SmoothingChoice choice;
        if (m_steps.columnScaling == ColumnScaling::Awq) {
            if (statistics().meanAbs.empty())
                raise(ErrorCode::Usage, "AWQ needs the mean magnitudes of the layer's inputs");
            choice = awq(m_source, viewOf(statistics().meanAbs, 1).squeeze(0),
                viewOf(statistics().hessian, cols()), grid());
        } else {
            if (statistics().absMax.empty() || statistics().heldOutTokens.empty())
                raise(ErrorCode::Usage, "SmoothQuant needs the largest inputs of the layer and some tokens");
            choice = smoothQuant(m_source, viewOf(statistics().absMax, 1).squeeze(0),
                someTokens(statistics().heldOutTokens, cols(), 0, kSearchTokens), grid(),
                m_request.activations);
        }
        m_outcome.report.alpha = choice.alpha;
        m_deployed.factors = choice.factors.contiguous();
        m_weight = m_source * m_deployed.factors;
    }

    void rotate() { m_weight = rotated(m_weight); }

    /// H, E[x²] and E[x] in the grid's basis.
    void useStatistics()
    {
        if (!statistics().hessian.empty() && (m_steps.needsHessian() || weightedScales())) {
            const at::Tensor hessian = transformHessian(
                viewOf(statistics().hessian, cols()), m_deployed.factors, m_deployed.rotation);
            if (m_steps.needsHessian()) {
                m_factor = factorHessian(hessian, m_steps.damping);
                m_outcome.report.damping = m_factor->damping;
            }
            m_columnWeights = vectorOf(dampedDiagonal(hessian.diagonal(), m_steps.damping));
        } else if (!statistics().secondMoment.empty() && m_deployed.rotation == 0) {
            at::Tensor moments = viewOf(statistics().secondMoment, 1).squeeze(0);
            if (m_deployed.factors.defined())
                moments = moments / m_deployed.factors.square();
            m_columnWeights = vectorOf(dampedDiagonal(moments, m_steps.damping));
        }
        if (!weightedScales())
            m_columnWeights.clear();
    }

    /// The values of a weight on the grid, tile by tile, written where there is a writer.
    void quantizeAll(const at::Tensor& weight)
    {
        const float tensorScale = chooseTensorScale(weight, grid(), m_steps.scales, m_columnWeights);
        m_deployed.values = at::empty_like(weight);
        std::vector<GridScales> scales;
        EncodedPieces pieces;
        if (hasCodec())
            m_outcome.stored = emptyStored(*m_request.format, m_request.shape, m_request.params);
        for (const RowRange& rows : cutRows(grid())) {
            if (m_request.job.cancelled())
                raise(ErrorCode::Cancelled, "cancelled");
            const at::Tensor tile = tileOf(weight, rows.first, rows.count);
            scales.push_back(grid().scales(columnTile(tile), tensorScale, m_steps.scales, m_columnWeights));
            const at::Tensor values = quantizeTile(tile, scales.back());
            transpose(spanOf(values), cols(), spanOf(m_deployed.values.narrow(0, rows.first, rows.count)));
            if (!hasCodec())
                continue;
            pieces.clear();
            grid().write(rows.first, columnTile(values), scales.back(), pieces);
            takePieces(pieces, m_outcome.stored);
        }
        if (hasCodec()) {
            pieces.clear();
            grid().finish(scales, pieces);
            takePieces(pieces, m_outcome.stored);
        }
    }

    at::Tensor quantizeTile(const at::Tensor& tile, GridScales& scales) const
    {
        at::Tensor values
            = m_steps.gptq ? gptq(tile, *m_factor, grid(), scales) : roundTile(tile, grid(), scales);
        if (m_steps.descentPasses > 0)
            coordinateDescent(tile, values, *m_factor, grid(), scales, m_steps.descentPasses);
        if (m_steps.refitRowScales && m_factor)
            refit(tile, values, scales);
        return values;
    }

    /// New scales for the codes found, one more pass of descent on them; kept if the tile gains.
    void refit(const at::Tensor& tile, at::Tensor& values, GridScales& scales) const
    {
        const GridSpec& spec = grid().spec();
        if (spec.storage != ScaleStorage::Float || spec.groupRows != 1 || spec.groupColumns != cols()
            || spec.asymmetric)
            return;
        const GridScales fitted = refitRowScales(tile, values, *m_factor, scales);
        const at::Tensor moved = values / viewOf(scales.scale, 1) * viewOf(fitted.scale, 1);
        const at::Tensor candidate = roundTile(moved, grid(), fitted);
        coordinateDescent(tile, candidate, *m_factor, grid(), fitted, 1);
        const auto errorOf = [&](const at::Tensor& result) {
            return outputError((result - tile).index_select(0, m_factor->order), m_factor->hessian);
        };
        if (errorOf(candidate) < errorOf(values)) {
            values = candidate;
            scales = fitted;
        }
    }

    // --- Branch --------------------------------------------------------------------------------------------

    Branch branchOf(const at::Tensor& residual) const
    {
        return m_steps.branchWithoutData ? plainBranch(residual, m_steps.branchRank)
                                         : weightedBranch(residual, *m_factor, m_steps.branchRank);
    }

    double weightedError(const at::Tensor& values, const Branch& branch) const
    {
        if (!m_factor)
            return 0;
        const at::Tensor errors = (values + branch.product() - m_weight).index_select(1, m_factor->order);
        return at::mm(errors, m_factor->hessian).mul_(errors).sum(at::kDouble).item<double>();
    }

    /// Branch and codes in turn; at the end the branch is fitted once more to the codes
    /// (spec/algorithms 1.10).
    void branchLayer()
    {
        Branch branch = branchOf(m_weight);
        Deployed best;
        StoredBytes stored;
        double least = 0;
        const int rounds = m_steps.branchWithoutData ? 1 : std::max(1, m_steps.branchRounds);
        for (int round = 0; round < rounds; ++round) {
            quantizeAll(m_weight - branch.product());
            // The codes of this round with the branch they were made for, and with one made for them.
            const Branch fitted = m_steps.branchWithoutData ? branch : branchOf(m_weight - m_deployed.values);
            const double before = weightedError(m_deployed.values, branch);
            const double after = weightedError(m_deployed.values, fitted);
            if (round == 0 || std::min(before, after) < least) {
                least = std::min(before, after);
                best = m_deployed;
                best.branch = after < before ? fitted : branch;
                stored = m_outcome.stored;
            }
            branch = fitted;
        }
        m_deployed = best;
        m_outcome.stored = std::move(stored);
    }

    // --- Bias and gate -------------------------------------------------------------------------------------

    /// The mean input in the grid's basis.
    at::Tensor meanInput() const
    {
        at::Tensor mean = viewOf(statistics().mean, 1);
        if (m_deployed.factors.defined())
            mean = mean / m_deployed.factors;
        return rotated(mean).squeeze(0);
    }

    void correctBias()
    {
        if (correction().empty())
            return;
        at::Tensor values = m_deployed.values;
        if (m_deployed.branch.defined())
            values = values + m_deployed.branch.product();
        m_deployed.bias = biasCorrection(m_weight.t(), values.t(), meanInput());
    }

    void gate()
    {
        if (statistics().heldOutTokens.empty())
            return;
        const at::Tensor tokens = someTokens(statistics().heldOutTokens, cols(), 1, kGateTokens);
        const at::Tensor exact = at::mm(tokens, m_source.t());
        const double signal = exact.square().sum(at::kDouble).item<double>();
        const auto errorOf = [&](const Deployed& layer) {
            return outputOf(layer, m_request.activations, tokens)
                       .sub_(exact)
                       .square_()
                       .sum(at::kDouble)
                       .item<double>()
                / std::max(signal, 1e-300);
        };
        StoredBytes stored;
        const Deployed plain = makePlain(stored);
        LayerReport& report = m_outcome.report;
        report.plainError = errorOf(plain);
        report.cleverError = errorOf(m_deployed);
        report.keptPlain = !(*report.cleverError < *report.plainError);
        if (report.keptPlain) {
            m_deployed = plain;
            m_outcome.stored = std::move(stored);
        }
    }

    void fillOutcome()
    {
        if (m_deployed.factors.defined())
            m_outcome.inputFactors = vectorOf(m_deployed.factors);
        if (m_deployed.bias.defined())
            m_outcome.biasDelta = vectorOf(m_deployed.bias);
        if (m_deployed.branch.defined()) {
            m_outcome.branchUp = vectorOf(m_deployed.branch.up);
            m_outcome.branchDown = vectorOf(m_deployed.branch.down);
        }
        if (m_request.keepValues || !hasCodec())
            m_outcome.values = vectorOf(m_deployed.values);
    }

    const LayerRequest& m_request;
    const QuantizationSteps& m_steps;
    std::optional<CodeGrid> m_ownGrid;
    at::Tensor m_source; ///< [M, N] as it is in the model
    at::Tensor m_weight; ///< [M, N] in the grid's basis, times the factors
    std::optional<HessianFactor> m_factor;
    std::vector<float> m_columnWeights;
    Deployed m_deployed;
    LayerOutcome m_outcome;
};

} // namespace

double LayerReport::gainDb() const
{
    if (!plainError || !cleverError || *cleverError <= 0)
        return 0;
    return 10.0 * std::log10(*plainError / *cleverError);
}

Result<LayerOutcome> quantizeLayer(const LayerRequest& request)
{
    return guarded([&] {
        const c10::InferenceMode noGradients;
        return LayerRun(request).run();
    });
}

std::vector<float> runLayer(MatrixShape shape, std::span<const float> gridWeights, std::size_t rotation,
    const LayerOutcome& outcome, ActivationGrid activations, std::span<const float> tokens)
{
    const c10::InferenceMode noGradients;
    Deployed layer;
    layer.values = viewOf(gridWeights, shape.rows);
    layer.rotation = rotation;
    if (!outcome.inputFactors.empty())
        layer.factors = viewOf(outcome.inputFactors, 1).squeeze(0);
    if (!outcome.biasDelta.empty())
        layer.bias = viewOf(outcome.biasDelta, 1).squeeze(0);
    if (!outcome.branchUp.empty())
        layer.branch = {viewOf(outcome.branchUp, shape.rows),
            viewOf(outcome.branchDown, static_cast<std::int64_t>(outcome.branchDown.size()) / shape.cols)};
    return vectorOf(
        outputOf(layer, activations, viewOf(tokens, static_cast<std::int64_t>(tokens.size()) / shape.cols)));
}

} // namespace mantissa
