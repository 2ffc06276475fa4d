// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/calibration/activation_observer.h"

#include "engine/torch/failure.h"

#include <algorithm>
#include <limits>

namespace mantissa {

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
/// Distinct inputs that are remembered to find layers with the same one: a block of a transformer has about
/// twelve, and the text that all cross attentions read comes back within that.
constexpr std::size_t kRemembered = 32;

bool isQuantizable(LayerKind kind)
{
    return kind == LayerKind::Linear || kind == LayerKind::Conv1d || kind == LayerKind::Conv2d
        || kind == LayerKind::Conv3d;
}

/// Whether the product is a matrix product over the last dimension or the channels of single pixels.
bool isMatrix(const Shape& weight)
{
    return std::all_of(weight.begin() + 2, weight.end(), [](std::int64_t length) { return length == 1; });
}

/// [tokens, channels], a view where it can be.
at::Tensor tokensOf(const std::string& layer, const Shape& weight, const at::Tensor& x)
{
    const std::int64_t channels = weight[1];
    // A 1×1 convolution may be multiplied as a matrix; then channels are last.
    const bool spatial
        = weight.size() > 2 && x.dim() == static_cast<std::int64_t>(weight.size()) && x.size(1) == channels;
    if (spatial)
        return x.flatten(2).transpose(1, 2).reshape({-1, channels});
    if (x.dim() < 1 || x.size(-1) != channels)
        raise(ErrorCode::Internal, "{} takes {} channels, and gets {}", layer, channels,
            x.dim() < 1 ? 0 : x.size(-1));
    return x.reshape({-1, channels});
}

void parallel(std::size_t count, const std::function<void(std::size_t)>& work)
{
    at::parallel_for(0, static_cast<std::int64_t>(count), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            work(static_cast<std::size_t>(i));
    });
}

} // namespace

void ActivationRecorder::beginPrompt(std::uint64_t key)
{
    m_prompt = key;
    m_orders.clear();
    m_seen.clear();
    for (const auto& input : m_inputs)
        input->calls = 0;
}

void ActivationRecorder::beginCall(int bucket)
{
    m_bucket = bucket;
    m_orders.clear();
    m_seen.clear();
}

const TokenOrder& ActivationRecorder::order(std::uint64_t callKey, std::size_t tokens)
{
    const auto it = m_orders.find({callKey, tokens});
    if (it != m_orders.end())
        return it->second;
    return m_orders.emplace(std::pair(callKey, tokens), TokenOrder(callKey, tokens)).first->second;
}

std::size_t ActivationRecorder::sharedWith(const at::Tensor& x, double fingerprint)
{
    for (auto it = m_seen.begin(); it != m_seen.end(); ++it) {
        const at::Tensor& other = it->tensor;
        // The same memory, seen in the same way, and not written to since.
        if (other.const_data_ptr() != x.const_data_ptr() || other.sizes() != x.sizes()
            || other.strides() != x.strides() || other.scalar_type() != x.scalar_type()
            || it->fingerprint != fingerprint)
            continue;
        std::rotate(m_seen.begin(), it, std::next(it));
        return m_seen.front().input;
    }
    return kNone;
}

std::size_t ActivationRecorder::place(const std::string& layer, const Shape& weight, const at::Tensor& x)
{
    const auto known = m_layers.find(layer);
    if (known != m_layers.end())
        return known->second;
    const double fingerprint = x.sum(at::kDouble).item<double>();
    const auto channels = static_cast<std::size_t>(weight[1]);
    std::size_t index = sharedWith(x, fingerprint);
    const bool fits = index != kNone && m_inputs[index]->statistics.channels == channels
        && m_inputs[index]->statistics.hasMoment == isMatrix(weight);
    if (!fits) {
        index = m_inputs.size();
        auto input = std::make_unique<Input>(channels);
        input->statistics.name = layer;
        input->statistics.hasMoment = isMatrix(weight);
        input->moment = isMatrix(weight) ? m_moments.add(channels) : kNone;
        m_inputs.push_back(std::move(input));
        m_seen.push_front({x, fingerprint, index});
        if (m_seen.size() > kRemembered)
            m_seen.pop_back();
    }
    m_inputs[index]->statistics.layers.push_back(layer);
    m_layers.emplace(layer, index);
    return index;
}

void ActivationRecorder::record(const std::string& layer, const Shape& weight, const at::Tensor& x)
{
    const auto begin = std::chrono::steady_clock::now();
    Input& input = *m_inputs[place(layer, weight, x)];
    InputStatistics& statistics = input.statistics;
    if (statistics.name == layer && x.numel() > 0) {
        at::Tensor rows = tokensOf(layer, weight, x);
        const TokenOrder& tokens
            = order(mixKeys(m_prompt, input.calls++), static_cast<std::size_t>(rows.size(0)));
        if (!tokens.seen().empty()) {
            const auto [low, high] = std::tuple(rows.amin(0).to(at::kCPU, at::kFloat).contiguous(),
                rows.amax(0).to(at::kCPU, at::kFloat).contiguous());
            statistics.addExtremes(low.const_data_ptr<float>(), high.const_data_ptr<float>(), m_bucket);
            rows = rows.index_select(0, at::tensor(tokens.seen(), at::kLong).to(rows.device()));
        }
        rows = rows.to(at::kCPU, at::kFloat).contiguous();
        statistics.add(
            rows.const_data_ptr<float>(), static_cast<std::size_t>(rows.size(0)), m_bucket, parallel);
        if (statistics.hasMoment)
            sampleTokens(input, rows, tokens.first(tokensSampled(statistics.channels)), tokens.seen());
    }
    m_spent += std::chrono::steady_clock::now() - begin;
}

void ActivationRecorder::sampleTokens(Input& input, const at::Tensor& rows,
    const std::vector<ChosenToken>& chosen, const std::vector<std::int64_t>& seen)
{
    InputStatistics& statistics = input.statistics;
    std::vector<std::int64_t> sampled;
    for (const ChosenToken& token : chosen) {
        std::int64_t row = token.token;
        if (!seen.empty())
            row = std::lower_bound(seen.begin(), seen.end(), row) - seen.begin();
        const std::span<const float> values(
            rows.const_data_ptr<float>() + row * rows.size(1), statistics.channels);
        if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
            continue;
        if (isHeldOut(token.key))
            statistics.heldOut.add(mixKeys(token.key, m_prompt), values);
        else
            sampled.push_back(row);
    }
    if (sampled.empty())
        return;
    // Ascending, so that the sum does not depend on how the tokens were chosen.
    std::sort(sampled.begin(), sampled.end());
    m_moments.accumulate(input.moment, rows.index_select(0, at::tensor(sampled, at::kLong)));
    statistics.momentTokens += sampled.size();
}

void ActivationRecorder::restore(InputStatistics statistics, std::size_t moment)
{
    auto input = std::make_unique<Input>(statistics.channels);
    for (const std::string& layer : statistics.layers)
        m_layers.emplace(layer, m_inputs.size());
    input->statistics = std::move(statistics);
    input->moment = moment;
    m_inputs.push_back(std::move(input));
}

std::vector<const InputStatistics*> ActivationRecorder::inputs() const
{
    std::vector<const InputStatistics*> inputs;
    for (const auto& input : m_inputs)
        inputs.push_back(&input->statistics);
    return inputs;
}

std::vector<std::string> ActivationRecorder::layers() const
{
    std::vector<std::string> layers;
    for (const auto& input : m_inputs)
        layers.insert(layers.end(), input->statistics.layers.begin(), input->statistics.layers.end());
    return layers;
}

const InputStatistics* ActivationRecorder::worst()
{
    // Looking through all histograms takes a millisecond or two, so it is done once a second.
    constexpr std::size_t kViewsBetween = 10;
    if (m_inputs.empty())
        return nullptr;
    if (m_worstAge++ % kViewsBetween == 0) {
        double worst = -1;
        for (std::size_t i = 0; i < m_inputs.size(); ++i) {
            const MagnitudeHistogram& histogram = m_inputs[i]->statistics.histogram;
            const double middle = histogram.quantile(0.5);
            const double ratio = middle > 0 ? histogram.upperEdge() / middle : 0;
            if (ratio > worst) {
                worst = ratio;
                m_worst = i;
            }
        }
    }
    return &m_inputs[m_worst]->statistics;
}

LiveView ActivationRecorder::view(const std::string& layer)
{
    const auto known = m_layers.find(layer);
    const InputStatistics* shown = known != m_layers.end() ? &m_inputs[known->second]->statistics : worst();
    LiveView view;
    if (shown == nullptr)
        return view;
    view.layer = known != m_layers.end() ? layer : shown->name;
    view.channels = shown->channels;
    view.tokens = shown->tokens;
    view.histogram = shown->histogram;
    for (int bucket = 0; bucket < kTimestepBuckets; ++bucket) {
        const auto begin = shown->bucketAbsMax.begin()
            + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(bucket) * shown->channels);
        view.bucketLargest.push_back(
            *std::max_element(begin, begin + static_cast<std::ptrdiff_t>(shown->channels)));
    }
    view.channelAbsMax = shown->absMax();
    double sum = 0;
    for (const double channel : shown->sumAbs)
        sum += channel;
    if (shown->tokens > 0)
        view.meanAbs = sum / static_cast<double>(shown->tokens) / static_cast<double>(shown->channels);
    return view;
}

ActivationObserver::ActivationObserver(
    ActivationRecorder& recorder, const Model& model, const Component& component)
    : m_recorder(recorder)
{
    const auto index = static_cast<std::uint32_t>(&component - model.components.data());
    for (const Layer& layer : model.layers)
        if (layer.component == index && isQuantizable(layer.kind) && layer.shape.size() >= 2
            && layer.name.starts_with(component.prefix))
            m_watched.emplace(layer.name.substr(component.prefix.size()), Watched{layer.name, layer.shape});
}

at::Tensor ActivationObserver::input(std::string_view layer, const at::Tensor& x)
{
    if (const auto it = m_watched.find(layer); it != m_watched.end())
        m_recorder.record(it->second.name, it->second.weight, x);
    return x;
}

} // namespace mantissa
