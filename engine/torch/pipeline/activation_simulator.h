// SPDX-License-Identifier: GPL-3.0-or-later
// What a runtime does to the inputs of quantized layers, done to a network that multiplies in floating point:
// pictures then show W8A8 and W4A4 as users will get them, not only the loss in the weights.
#pragma once

#include "engine/torch/nn/network_context.h"
#include "engine/torch/pipeline/planned_weights.h"

#include "engine/formats/activation_grid.h"
#include "engine/plan/plan.h"

#include <map>
#include <memory>
#include <string>

namespace mantissa {

/// Rounds the input of each quantized layer as the runtime of its format does: divided by the stored factors,
/// rotated, rounded, and brought back, so that the decoded weight can be multiplied with it. SVDQuant's
/// branch sees the exact inputs: what it makes of the difference is added to the layer's output. Thread rule:
/// that of the network.
class ActivationSimulator final : public LayerObserver {
public:
    /// As stored: for the component with this prefix, whose weights these are; they are only used here.
    /// Raises Failure for a stored layer whose settings cannot be read. Layers that the store gives as they
    /// are stored are left alone: their products round the input themselves.
    ActivationSimulator(const WeightStore& weights, const std::string& prefix);
    /// As a plan for the model would export it: layers that it keeps are as they are stored. The plan is only
    /// used here, the model must outlive this. What the export would store with a layer is asked for when the
    /// layer is first used.
    ActivationSimulator(const WeightStore& weights, const std::string& prefix, const ResolvedPlan& plan,
        std::shared_ptr<PlannedWeights> planned);

    at::Tensor input(std::string_view layer, const at::Tensor& x) override;
    at::Tensor output(std::string_view layer, const at::Tensor& y) override;
    /// Layers whose inputs are rounded.
    std::size_t size() const { return m_layers.size(); }

private:
    struct Rounding {
        ActivationGrid grid = ActivationGrid::None;
        std::size_t rotation = 0;
        float inputScale = 0; ///< stored with the layer; 0: the runtime scales by itself
        const Layer* planned = nullptr; ///< what follows has to be asked for
        at::Tensor factors; ///< float32 [K]: the runtime divides by them; undefined: none
        at::Tensor branchDown, branchUp; ///< float32 [K, r] and [M, r], on the inputs as they come
        at::Tensor branchOutput; ///< between input() and output()
    };
    /// A layer as its file has it.
    void addStored(const WeightStore& weights, const Layer& layer, const std::string& path);
    /// False where nothing rounds the layer's input.
    bool add(const std::string& path, std::string_view format, const FormatParams& params, float inputScale);
    static void takeExtras(Rounding& rounding, const std::vector<at::Tensor>& stored);

    std::map<std::string, Rounding, std::less<>> m_layers; ///< by path below the network
    std::shared_ptr<PlannedWeights> m_planned; ///< null: as stored
};

} // namespace mantissa
