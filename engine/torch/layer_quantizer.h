// SPDX-License-Identifier: GPL-3.0-or-later
// Quantizes one layer by more than plain rounding: what the statistics of its inputs allow, checked on
// held-out inputs against the plain result. Plain types only: no torch header here.
#pragma once

#include "engine/base/job.h"
#include "engine/formats/activation_grid.h"
#include "engine/formats/code_grid.h"
#include "engine/plan/recipe.h"

#include <memory>
#include <optional>

namespace mantissa {

/// What is known of a layer's inputs x [N], from real sampling runs. Empty spans: not known.
struct InputMoments {
    std::span<const float> hessian; ///< N × N: E[x xᵀ], not damped
    std::span<const float> secondMoment; ///< N: E[x²], where there is no hessian
    std::span<const float> mean; ///< N: E[x]
    std::span<const float> absMax; ///< N: max |x|
    std::span<const float> meanAbs; ///< N: E[|x|]
    std::span<const float> heldOutTokens; ///< T × N: inputs that are not among those above, for the gate
};

enum class ColumnScaling { None, SmoothQuant, Awq };

/// The steps that make a result. Each is independent of the others but for its place in the order.
struct QuantizationSteps {
    ColumnScaling columnScaling = ColumnScaling::None;
    int branchRank = 0; ///< 16-bit low-rank branch; 0: none
    int branchRounds = 2; ///< how often branch and codes are made in turn
    bool branchWithoutData = false; ///< plain SVD of the weight instead of the H-weighted one
    ScaleRule scales = ScaleRule::Absmax;
    bool weightedScales = false; ///< with LeastSquares: by E[x²]
    bool gptq = false;
    double damping = 0.01; ///< λ (spec/algorithms 1.4)
    int descentPasses = 0; ///< coordinate descent, after rounding or GPTQ
    bool refitRowScales = false; ///< after coordinate descent; one float32 scale a row only
    int learnedRoundingSteps = 0; ///< AdaRound instead of GPTQ; experimental, in no recipe
    bool svdProjectedRounding = false; ///< convert-to-quant's learned rounding, for comparison only
    bool biasCorrection = false;

    bool needsHessian() const
    {
        return gptq || descentPasses > 0 || learnedRoundingSteps > 0 || (branchRank > 0 && !branchWithoutData)
            || columnScaling == ColumnScaling::Awq;
    }
};

/// The steps of a recipe for a format (spec/algorithms 4.2). `params` as StorageFormat::resolve() gave them.
QuantizationSteps stepsOf(RecipeLevel level, std::string_view formatId, const FormatParams& params);

/// The factored Hessian of layers that have the same input (q, k, v; gate, up), made by the first of them.
/// One for each such input, given to the requests of its layers; not used where smoothing makes a layer's
/// inputs its own. Holds 2·N² floats: one factor, that of the last layer which needed another damping or
/// rotation than the one before. Thread-safe: a second layer waits for the factor.
class SharedHessian {
public:
    struct State;
    SharedHessian();
    ~SharedHessian();
    SharedHessian(const SharedHessian&) = delete;
    SharedHessian& operator=(const SharedHessian&) = delete;
    State& state() { return *m_state; }

private:
    std::unique_ptr<State> m_state;
};

struct LayerRequest {
    MatrixShape shape;
    std::span<const float> weights; ///< row-major
    const StorageFormat* format = nullptr; ///< never null
    FormatParams params; ///< as format->resolve() returned them
    ActivationGrid activations = ActivationGrid::None;
    InputMoments statistics;
    SharedHessian* shared = nullptr; ///< null: factored for this layer alone
    QuantizationSteps steps;
    bool hasBias = false; ///< only then is a bias corrected: new tensors break strict loaders
    bool gate = true; ///< compare with plain rounding on the held-out tokens, keep the better
    bool keepValues = false; ///< fill LayerOutcome::values
    JobContext job;
};

/// What the gate saw, and what was done.
struct GateReport {
    /// ‖ΔY‖² / ‖Y‖² on the held-out tokens, activations as the runtime rounds them. Empty: not measured.
    std::optional<double> plainError, cleverError;
    bool keptPlain = false; ///< the clever result was not better
    double damping = 0; ///< λ that was needed
    double alpha = 0; ///< exponent of smoothing
    double gainDb() const; ///< clever over plain; 0 if not measured
};

struct LayerOutcome {
    /// The bytes of the format's layout(), in order.
    std::vector<std::vector<std::byte>> stored;
    std::vector<float> values; ///< M × N in the grid's basis (rotated, multiplied by the factors)
    std::vector<float> inputFactors; ///< t [N]: the runtime divides inputs by it; empty: none
    std::vector<float> branchUp, branchDown; ///< M × r and r × N, on the divided inputs; empty: none
    std::vector<float> biasDelta; ///< [M] to add to the bias; empty: none
    GateReport report;
};

/// Memory, beside the request's spans: up to four N² matrices while the Hessian is factored (two of them
/// stay) and some tiles of about 512 rows; a branch and keepValues also hold copies of the weights. Runs on
/// the caller's thread and libtorch's own. Cancelled between tiles. Usage where a step lacks its statistics,
/// InvalidInput for statistics of another size or not finite.
/// Implemented in libmantissa_torch; the core calls it through TorchApi.
Result<LayerOutcome> quantizeLayer(const LayerRequest& request);

/// The output of a result as a runtime computes it, tokens × M. `activations` None: exact activations.
/// `gridWeights`: M × N as LayerOutcome::values.
std::vector<float> runLayer(MatrixShape shape, std::span<const float> gridWeights, std::size_t rotation,
    const LayerOutcome& outcome, ActivationGrid activations, std::span<const float> tokens);

} // namespace mantissa
