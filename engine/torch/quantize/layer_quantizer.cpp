// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/layer_quantizer.h"

#include "engine/torch/failure.h"
#include "engine/torch/quantize/adaround.h"
#include "engine/torch/quantize/bias_correction.h"
#include "engine/torch/quantize/coordinate_descent.h"
#include "engine/torch/quantize/gptq.h"
#include "engine/torch/quantize/layer_inputs.h"
#include "engine/torch/quantize/output_meter.h"
#include "engine/torch/quantize/plain_rows.h"
#include "engine/torch/quantize/projected_rounding.h"
#include "engine/torch/quantize/row_scale_refit.h"

#include <algorithm>
#include <cmath>

namespace mantissa {

namespace {

using namespace quantize;

std::vector<float> vectorOf(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.contiguous();
    const auto values = spanOf(flat);
    return {values.begin(), values.end()};
}

/// One layer on its way through the steps, tile by tile.
class LayerRun {
public:
    explicit LayerRun(const LayerRequest& request)
        : m_request(request)
        , m_steps(request.steps)
        , m_grid(checkedGrid(request))
    {
        m_side.rotation = m_grid.spec().rotation;
        m_side.activations = request.activations;
    }

    LayerOutcome run()
    {
        if (m_request.gate && needsData(m_request) && !m_request.statistics.heldOutTokens.empty())
            startGate();
        if (isPlain(m_request)) {
            const bool absmax = m_steps.scales == ScaleRule::Absmax;
            if (m_plain == nullptr || absmax)
                m_plain = makePlain(absmax ? Recipe::Absmax : Recipe::Fast);
            finishAll([&](const RowRange& rows) { return m_plain->tile(rows); });
            m_outcome.stored = std::move(m_plain->stored());
        } else {
            m_inputs = prepareInputs(m_request, m_grid);
            m_side.factors = m_inputs.factors;
            m_outcome.report.damping = m_inputs.factor ? m_inputs.factor->damping : 0;
            m_outcome.report.alpha = m_inputs.alpha;
            if (m_steps.svdProjectedRounding)
                runProjected();
            else if (m_steps.branchRank > 0)
                runBranch();
            else
                quantizeAll([&](const RowRange& rows) { return tile(rows); },
                    [&](const RowRange& rows, const at::Tensor& values) { finishTile(rows, values); });
        }
        closeGate();
        return std::move(m_outcome);
    }

private:
    static CodeGrid checkedGrid(const LayerRequest& request)
    {
        checkRequest(request);
        return valueOf(request.format->codeGrid(request.shape, request.params));
    }
    std::int64_t cols() const { return m_request.shape.cols; }
    std::vector<RowRange> ranges() const { return cutRows(m_request.shape.rows, m_grid); }

    at::Tensor tile(const RowRange& rows) const
    {
        return basisTile(m_request.weights, cols(), rows, m_side.factors, m_side.rotation);
    }
    at::Tensor sourceTile(const RowRange& rows) const
    {
        return basisTile(m_request.weights, cols(), rows, {}, 0);
    }

    std::unique_ptr<PlainRows> makePlain(Recipe recipe) const
    {
        return std::make_unique<PlainRows>(
            *m_request.format, m_grid, m_request.params, recipe, m_request.weights);
    }

    // --- Codes ---------------------------------------------------------------------------------------------

    /// Values for all tiles that `tiles` gives, written, and handed to `done`.
    template <typename Done> void quantizeAll(const TileSource& tiles, const Done& done)
    {
        const float tensorScale = chooseTensorScale(m_grid, m_steps.scales, m_inputs.columnWeights, tiles);
        std::vector<GridScales> scales;
        EncodedPieces pieces;
        m_outcome.stored = emptyStored(*m_request.format, m_request.shape, m_request.params);
        for (const RowRange& rows : ranges()) {
            if (m_request.job.cancelled())
                raise(ErrorCode::Cancelled, "cancelled");
            const at::Tensor weights = tiles(rows);
            scales.push_back(
                m_grid.scales(columnTile(weights), tensorScale, m_steps.scales, m_inputs.columnWeights));
            const at::Tensor values = quantizeTile(weights, scales.back());
            pieces.clear();
            m_grid.write(rows.first, columnTile(values), scales.back(), pieces);
            takePieces(pieces, m_outcome.stored);
            done(rows, values);
        }
        pieces.clear();
        m_grid.finish(scales, pieces);
        takePieces(pieces, m_outcome.stored);
    }

    at::Tensor quantizeTile(const at::Tensor& weights, GridScales& scales) const
    {
        at::Tensor values;
        if (m_steps.learnedRoundingSteps > 0)
            values = adaRound(weights, *m_inputs.factor, m_grid, scales, m_steps.learnedRoundingSteps,
                [&] { return m_request.job.cancelled(); });
        else if (m_steps.gptq)
            values = gptq(weights, *m_inputs.factor, m_grid, scales);
        else
            values = roundTile(weights, m_grid, scales);
        if (m_steps.descentPasses > 0) {
            const double error
                = coordinateDescent(weights, values, *m_inputs.factor, m_grid, scales, m_steps.descentPasses);
            if (m_steps.refitRowScales && hasRowScales())
                refit(weights, error, values, scales);
        }
        return values;
    }

    bool hasRowScales() const
    {
        const GridSpec& spec = m_grid.spec();
        return spec.storage == ScaleStorage::Float && spec.groupRows == 1 && spec.groupColumns == cols()
            && !spec.asymmetric;
    }

    /// New scales for the codes found, one more pass of descent on them; kept if the tile gains.
    void refit(const at::Tensor& weights, double error, at::Tensor& values, GridScales& scales) const
    {
        const HessianFactor& factor = *m_inputs.factor;
        const GridScales fitted = refitRowScales(weights, values, factor, scales);
        const at::Tensor moved = values / viewOf(scales.scale, 1) * viewOf(fitted.scale, 1);
        const at::Tensor candidate = roundTile(moved, m_grid, fitted);
        if (coordinateDescent(weights, candidate, factor, m_grid, fitted, 1) < error) {
            values = candidate;
            scales = fitted;
        }
    }

    // --- Projected rounding --------------------------------------------------------------------------------

    void runProjected()
    {
        const at::Tensor weight = viewOf(m_request.weights, m_request.shape.rows).clone();
        rotateRows(weight, m_side.rotation);
        const at::Tensor target = projectedTarget(weight, roundPlainly(weight, m_grid));
        quantizeAll([&](const RowRange& rows) { return tileOf(target, rows.first, rows.count); },
            [&](const RowRange& rows, const at::Tensor& values) { finishTile(rows, values); });
    }

    // --- Branch --------------------------------------------------------------------------------------------

    Branch branchOf(const at::Tensor& residual) const
    {
        return m_steps.branchWithoutData ? plainBranch(residual, m_steps.branchRank)
                                         : weightedBranch(residual, *m_inputs.factor, m_steps.branchRank);
    }

    /// Σ e·H·eᵀ of a whole layer's errors [M, N].
    double errorOf(const at::Tensor& errors) const
    {
        if (!m_inputs.factor)
            return 0;
        return outputError(
            errors.index_select(1, m_inputs.factor->order).t().contiguous(), m_inputs.factor->hessian);
    }

    /// Branch and codes in turn; after each round the branch is fitted once more to the codes
    /// (spec/algorithms 1.10). Holds the layer as a whole: a branch belongs to all rows.
    void runBranch()
    {
        at::Tensor weight = viewOf(m_request.weights, m_request.shape.rows);
        if (m_side.factors.defined())
            weight = weight * m_side.factors;
        Branch branch = branchOf(weight);
        at::Tensor values = at::empty_like(weight), best;
        StoredBytes stored;
        double least = 0;
        const int rounds = m_steps.branchWithoutData ? 1 : std::max(1, m_steps.branchRounds);
        for (int round = 0; round < rounds; ++round) {
            const at::Tensor residual = weight - branch.product();
            quantizeAll([&](const RowRange& rows) { return tileOf(residual, rows.first, rows.count); },
                [&](const RowRange& rows, const at::Tensor& tileValues) {
                    transpose(spanOf(tileValues), cols(), spanOf(values.narrow(0, rows.first, rows.count)));
                });
            // The codes with the branch they were made for, and with one made for them.
            const Branch fitted = m_steps.branchWithoutData ? branch : branchOf(weight - values);
            const double before = errorOf(values - residual);
            const double after = errorOf(values + fitted.product() - weight);
            if (round == 0 || std::min(before, after) < least) {
                least = std::min(before, after);
                best = values.clone();
                m_side.branch = after < before ? fitted : branch;
                stored = m_outcome.stored;
            }
            branch = fitted;
        }
        m_outcome.stored = std::move(stored);
        m_outcome.branchUp = vectorOf(m_side.branch.up);
        m_outcome.branchDown = vectorOf(m_side.branch.down);
        finishAll([&](const RowRange& rows) { return tileOf(best, rows.first, rows.count); });
    }

    // --- Bias and gate -------------------------------------------------------------------------------------

    void finishAll(const TileSource& values)
    {
        for (const RowRange& rows : ranges())
            finishTile(rows, values(rows));
    }

    /// What is done with final values: bias, measurement, copies.
    void finishTile(const RowRange& rows, const at::Tensor& values)
    {
        const at::Tensor bias = biasOf(rows, values);
        if (bias.defined()) {
            const auto delta = spanOf(bias);
            m_outcome.biasDelta.insert(m_outcome.biasDelta.end(), delta.begin(), delta.end());
        }
        keep(rows, values, m_outcome.values);
        if (!m_gateTokens.defined())
            return;
        if (!m_cleverMeter) // the branch is known only now
            m_cleverMeter.emplace(m_gateTokens, m_side);
        const at::Tensor source = sourceTile(rows), plain = m_plain->tile(rows);
        m_cleverMeter->add(rows, source, values, bias);
        m_plainMeter->add(rows, source, plain, {});
        keep(rows, plain, m_plainValues);
    }

    void keep(const RowRange& rows, const at::Tensor& values, std::vector<float>& to) const
    {
        if (!m_request.keepValues)
            return;
        to.resize(static_cast<std::size_t>(m_request.shape.rows * cols()));
        transpose(spanOf(values), cols(),
            std::span(to).subspan(
                static_cast<std::size_t>(rows.first * cols()), static_cast<std::size_t>(values.numel())));
    }

    at::Tensor biasOf(const RowRange& rows, const at::Tensor& values) const
    {
        if (!correctsBias(m_request))
            return {};
        at::Tensor mean = viewOf(m_request.statistics.mean, 1);
        mean = m_side.factors.defined() ? mean / m_side.factors : mean.clone();
        rotateRows(mean, m_side.rotation);
        at::Tensor all = values;
        if (m_side.branch.defined())
            all = values + at::mm(m_side.branch.up.narrow(0, rows.first, rows.count), m_side.branch.down).t();
        return biasCorrection(tile(rows), all, mean.squeeze(0));
    }

    void startGate()
    {
        m_gateTokens = gateTokens(m_request.statistics.heldOutTokens, cols());
        m_plain = makePlain(Recipe::Fast);
        m_plainMeter.emplace(m_gateTokens, RuntimeSide{{}, m_side.rotation, m_request.activations, {}});
    }

    void closeGate()
    {
        if (m_side.factors.defined())
            m_outcome.inputFactors = vectorOf(m_side.factors);
        EncodedPieces pieces;
        m_request.format->writeExtras(m_request.shape, m_request.params,
            {m_outcome.inputFactors, m_outcome.branchUp, m_outcome.branchDown}, pieces);
        takePieces(pieces, m_outcome.stored);
        if (!m_cleverMeter)
            return;
        GateReport& report = m_outcome.report;
        report.plainError = m_plainMeter->relativeError();
        report.cleverError = m_cleverMeter->relativeError();
        report.keptPlain = !(*report.cleverError < *report.plainError);
        if (!report.keptPlain)
            return;
        const GateReport kept = report;
        // Where only the bias was corrected, the bytes are the plain ones.
        StoredBytes stored = isPlain(m_request) ? std::move(m_outcome.stored) : std::move(m_plain->stored());
        m_outcome = {};
        m_outcome.stored = std::move(stored);
        m_outcome.values = std::move(m_plainValues);
        m_outcome.report = kept;
    }

    const LayerRequest& m_request;
    const QuantizationSteps& m_steps;
    CodeGrid m_grid;
    PreparedInputs m_inputs;
    RuntimeSide m_side;
    std::unique_ptr<PlainRows> m_plain;
    at::Tensor m_gateTokens; ///< undefined: no gate
    std::optional<OutputMeter> m_cleverMeter, m_plainMeter;
    std::vector<float> m_plainValues;
    LayerOutcome m_outcome;
};

} // namespace

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
    RuntimeSide side{{}, rotation, activations, {}};
    if (!outcome.inputFactors.empty())
        side.factors = viewOf(outcome.inputFactors, 1).squeeze(0);
    const RuntimeInputs inputs
        = inputsOf(viewOf(tokens, static_cast<std::int64_t>(tokens.size()) / shape.cols), side);
    at::Tensor output = at::mm(inputs.rounded, viewOf(gridWeights, shape.rows).t());
    if (!outcome.branchUp.empty()) {
        const at::Tensor up = viewOf(outcome.branchUp, shape.rows);
        output.addmm_(at::mm(inputs.scaled, viewOf(outcome.branchDown, up.size(1)).t()), up.t());
    }
    if (!outcome.biasDelta.empty())
        output += viewOf(outcome.biasDelta, 1);
    return vectorOf(output);
}

} // namespace mantissa
