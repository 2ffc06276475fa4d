// SPDX-License-Identifier: GPL-3.0-or-later
// Watches the inputs of quantizable layers through the seam of the networks, and keeps their statistics.
#pragma once

#include "engine/torch/calibration/second_moments.h"
#include "engine/torch/nn/network_context.h"

#include "engine/calibration/live_view.h"
#include "engine/calibration/statistics.h"
#include "engine/calibration/token_choice.h"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace mantissa {

/// The statistics of all inputs of a run. Layers that get the same tensor are found when they are first seen
/// and share one input from then on: only the first of them is looked at.
///
/// Convolutions: the channels of their inputs are watched; XᵀX and held-out tokens are kept for those of 1×1
/// alone, which are Linear layers over pixels. (A larger kernel would take the columns of at::im2col at the
/// sampled pixels in sampleTokens(); no storage format quantizes convolutions yet.)
class ActivationRecorder {
public:
    explicit ActivationRecorder(SecondMoments& moments)
        : m_moments(moments)
    { }

    /// The prompt whose calls follow; its key decides which tokens are sampled.
    void beginPrompt(std::uint64_t key);
    /// A call of a network; `bucket` of its timestep, or kNoBucket.
    void beginCall(int bucket);
    /// x: what the layer multiplies, [..., channels], or [B, channels, spatial…] of a convolution. `weight`
    /// is the layer's logical weight shape.
    void record(const std::string& layer, const Shape& weight, const at::Tensor& x);

    /// For a run that continues another.
    void restore(InputStatistics input, std::size_t moment);
    std::vector<const InputStatistics*> inputs() const;
    /// The index in SecondMoments of an input.
    std::size_t momentOf(std::size_t input) const { return m_inputs[input]->moment; }
    std::vector<std::string> layers() const;
    /// Whether a call has reached this layer.
    bool has(const std::string& layer) const { return m_layers.contains(layer); }
    /// Of a layer, or of the input with the largest outliers where the name is empty or unknown.
    LiveView view(const std::string& layer);
    double seconds() const { return std::chrono::duration<double>(m_spent).count(); }

private:
    struct Input {
        explicit Input(std::size_t channels)
            : statistics(channels)
        { }
        InputStatistics statistics;
        std::size_t moment = 0;
        std::uint64_t calls = 0; ///< within the prompt
    };
    /// A tensor that a layer got in this call, kept alive so that its memory cannot become another's.
    struct Seen {
        at::Tensor tensor;
        double fingerprint = 0;
        std::size_t input = 0;
    };

    std::size_t place(const std::string& layer, const Shape& weight, const at::Tensor& x);
    std::size_t sharedWith(const at::Tensor& x, double fingerprint);
    const InputStatistics* worst();
    const TokenOrder& order(std::uint64_t callKey, std::size_t tokens);
    void sampleTokens(Input& input, const at::Tensor& rows, const std::vector<ChosenToken>& chosen,
        const std::vector<std::int64_t>& seen);

    SecondMoments& m_moments;
    std::vector<std::unique_ptr<Input>> m_inputs;
    std::unordered_map<std::string, std::size_t> m_layers;
    std::deque<Seen> m_seen;
    std::map<std::pair<std::uint64_t, std::size_t>, TokenOrder> m_orders; ///< of the call
    std::uint64_t m_prompt = 0;
    int m_bucket = kNoBucket;
    std::size_t m_worst = 0,
                m_worstAge = 0; ///< the input of the largest outliers, and views since it was chosen
    std::chrono::steady_clock::duration m_spent{};
};

/// The recorder's eye in one network.
class ActivationObserver final : public LayerObserver {
public:
    /// Watches the Linear and convolution layers of a component.
    ActivationObserver(ActivationRecorder& recorder, const Model& model, const Component& component);
    at::Tensor input(std::string_view layer, const at::Tensor& x) override;

private:
    struct Watched {
        std::string name;
        Shape weight;
    };
    ActivationRecorder& m_recorder;
    std::map<std::string, Watched, std::less<>> m_watched; ///< by the path below the network
};

} // namespace mantissa
