// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/models/seedvr2_attention.h"

#include "engine/torch/failure.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"

#include <cmath>
#include <map>

namespace mantissa {

using namespace nn;

namespace {

/// Cosines and sines of positions [N, 3] times the frequencies, axis after axis: float32 [2, N,
/// 3·frequencies].
at::Tensor rotationTable(const at::Tensor& positions, const at::Tensor& frequencies)
{
    const at::Tensor angles = (positions.to(at::kFloat).unsqueeze(-1) * frequencies).flatten(1);
    return at::stack({angles.cos(), angles.sin()});
}

/// [N, heads, width] → [1, heads, N, width], the first pairs turned by the table where there is one.
at::Tensor headsOf(const at::Tensor& x, const at::Tensor& table = {})
{
    at::Tensor rows = x.unsqueeze(0).transpose(1, 2);
    if (!table.defined())
        return rows;
    const std::int64_t turned = 2 * table.size(-1);
    return at::cat({rotatePairs(rows.slice(-1, 0, turned), table), rows.slice(-1, turned)}, -1);
}

} // namespace

std::vector<std::pair<std::int64_t, std::int64_t>> cutWindows(
    std::int64_t length, std::int64_t window, bool shifted)
{
    std::vector<std::pair<std::int64_t, std::int64_t>> spans;
    const std::int64_t early = shifted && window < length ? window : 0; // in half patches
    for (std::int64_t start = 0, i = 1; start < length; ++i) {
        const std::int64_t end = std::min((2 * i * window - early) / 2, length);
        if (end > start)
            spans.emplace_back(start, end);
        start = std::max(start, end);
    }
    return spans;
}

Grid3 windowOf(const Grid3& grid, const Grid3& counts)
{
    constexpr double kPatchesAt720p = 45 * 80;
    constexpr std::int64_t kMostFrames = 30;
    const auto share = [](double length, std::int64_t count) {
        return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(length / double(count))));
    };
    const double scale = std::sqrt(kPatchesAt720p / (double(grid[1]) * double(grid[2])));
    return {share(double(std::min(grid[0], kMostFrames)), counts[0]),
        share(std::nearbyint(double(grid[1]) * scale), counts[1]),
        share(std::nearbyint(double(grid[2]) * scale), counts[2])};
}

Scope seedVr2Side(const Scope& module, std::string_view side, std::string_view marker)
{
    return module / (module.has("all." + std::string(marker)) ? "all" : side);
}

SeedVr2Attention::Side::Side(const Scope& scope, std::string_view name, double eps)
    : qkv(seedVr2Side(scope / "proj_qkv", name, "weight"))
    , qNorm(seedVr2Side(scope / "norm_q", name, "weight"), eps)
    , kNorm(seedVr2Side(scope / "norm_k", name, "weight"), eps)
{ }

SeedVr2Attention::Parts SeedVr2Attention::Side::operator()(
    const at::Tensor& x, const SeedVr2Settings& settings) const
{
    const auto part = qkv(x.squeeze(0)).unflatten(-1, {3, settings.heads, settings.headWidth}).unbind(1);
    return {qNorm(part[0]), kNorm(part[1]), part[2]};
}

SeedVr2Attention::SeedVr2Attention(
    const Scope& scope, const SeedVr2Settings& settings, std::int64_t block, bool textGoesOn)
    : m_scope(scope)
    , m_settings(settings)
    , m_shifted(block % 2 == 1)
    , m_video(scope, "vid", settings.eps)
    , m_text(scope, "txt", settings.eps)
    , m_videoOut(seedVr2Side(scope / "proj_out", "vid", "weight"))
    , m_frequencies(scope.loadFloat(scope.has("rope.rope.freqs") ? "rope.rope.freqs" : "rope.freqs"))
{
    seedVr2Side(scope / "proj_out", "vid", "weight").require({"bias"});
    if (textGoesOn) {
        const Scope textOut = seedVr2Side(scope / "proj_out", "txt", "weight");
        textOut.require({"bias"});
        m_textOut.emplace(textOut);
    }
    // Settings that have fewer numbers than blocks repeat.
    for (std::size_t axis = 0; axis < 3; ++axis)
        m_counts[axis]
            = settings.windows[(static_cast<std::size_t>(block) * 3 + axis) % settings.windows.size()];
    const std::int64_t inner = settings.heads * settings.headWidth;
    if (m_video.qkv.outFeatures() != 3 * inner || m_text.qkv.outFeatures() != 3 * inner)
        raise(ErrorCode::InvalidInput, "{} does not make {} heads of {} channels", scope.path(),
            settings.heads, settings.headWidth);
    if (m_frequencies.dim() != 1 || 6 * m_frequencies.size(0) > settings.headWidth)
        raise(ErrorCode::InvalidInput, "the frequencies of {} do not fit heads of {} channels", scope.path(),
            settings.headWidth);
}

at::Tensor SeedVr2Attention::textRotation(std::int64_t length) const
{
    if (!m_settings.jointRotation)
        return {};
    const at::Tensor index = at::arange(length, m_frequencies.options());
    return rotationTable(index.unsqueeze(-1).expand({length, 3}), m_frequencies);
}

at::Tensor SeedVr2Attention::videoRotation(const Grid3& window, std::int64_t textLength) const
{
    std::vector<at::Tensor> axes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t first = axis == 0 ? textLength : 0; // frames are behind the text
        axes.push_back(m_settings.jointRotation
                ? at::arange(first, first + window[axis], m_frequencies.options())
                : at::linspace(-1, 1, window[axis], m_frequencies.options()));
    }
    return rotationTable(at::stack(at::meshgrid(axes, "ij"), -1).reshape({-1, 3}), m_frequencies);
}

std::pair<at::Tensor, at::Tensor> SeedVr2Attention::operator()(
    const at::Tensor& video, const at::Tensor& text, const Grid3& grid) const
{
    Parts v = m_video(video, m_settings);
    for (at::Tensor* part : {&v.q, &v.k, &v.v})
        *part = part->unflatten(0, {grid[0], grid[1], grid[2]});
    const Parts t = m_text(text, m_settings);
    const std::int64_t textLength = text.size(1);
    const at::Tensor turn = textRotation(textLength);
    const at::Tensor textQ = headsOf(t.q, turn), textK = headsOf(t.k, turn), textV = headsOf(t.v);

    const Grid3 window = windowOf(grid, m_counts);
    const at::Tensor videoOut = at::empty({grid[0], grid[1], grid[2], m_settings.width}, v.v.options());
    at::Tensor textSum = at::zeros({1, textLength, m_settings.width}, v.v.options().dtype(at::kFloat));
    std::map<Grid3, at::Tensor> rotations; // windows have few shapes: inner ones and those at the edges
    std::int64_t count = 0;
    for (const auto& [t0, t1] : cutWindows(grid[0], window[0], m_shifted)) {
        for (const auto& [h0, h1] : cutWindows(grid[1], window[1], m_shifted)) {
            for (const auto& [w0, w1] : cutWindows(grid[2], window[2], m_shifted)) {
                const auto inside
                    = [&, t0 = t0, t1 = t1, h0 = h0, h1 = h1, w0 = w0, w1 = w1](const at::Tensor& x) {
                          return x.slice(0, t0, t1).slice(1, h0, h1).slice(2, w0, w1);
                      };
                const Grid3 shape{t1 - t0, h1 - h0, w1 - w0};
                at::Tensor& table = rotations[shape];
                if (!table.defined())
                    table = videoRotation(shape, textLength);
                const at::Tensor y = attention(at::cat({headsOf(inside(v.q).flatten(0, 2), table), textQ}, 2),
                    at::cat({headsOf(inside(v.k).flatten(0, 2), table), textK}, 2),
                    at::cat({headsOf(inside(v.v).flatten(0, 2)), textV}, 2));
                const std::int64_t tokens = y.size(1) - textLength;
                inside(videoOut).copy_(y.slice(1, 0, tokens).reshape({shape[0], shape[1], shape[2], -1}));
                textSum += y.slice(1, tokens);
                ++count;
            }
        }
    }
    std::pair<at::Tensor, at::Tensor> out{m_videoOut(videoOut.reshape({1, -1, m_settings.width})), {}};
    if (m_textOut) {
        out.second = (*m_textOut)(textSum / double(count));
        m_scope.tap({out.first, out.second});
    } else {
        m_scope.tap(out.first);
    }
    return out;
}

} // namespace mantissa
