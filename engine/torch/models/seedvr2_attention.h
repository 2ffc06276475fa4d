// SPDX-License-Identifier: GPL-3.0-or-later
// SeedVR2's attention (arXiv:2506.05301): video in windows, each of which sees all of the text.
#pragma once

#include "engine/torch/nn/layers.h"

#include <array>
#include <utility>
#include <vector>

namespace mantissa {

struct SeedVr2Settings {
    std::int64_t width = 0, heads = 0, headWidth = 0;
    double eps = 0;
    /// How many windows a picture of 720p has on the axes frames, rows and columns; three numbers a block.
    std::vector<std::int64_t> windows;
    /// Text and video are turned together, by positions; else video only, by its place in the window from −1
    /// to 1.
    bool jointRotation = false;
};

/// Frames, rows and columns of patches.
using Grid3 = std::array<std::int64_t, 3>;
/// The spans [first, last) that windows of `window` cut `length` into. Shifted ones start half a window
/// early, where there is more than one.
std::vector<std::pair<std::int64_t, std::int64_t>> cutWindows(
    std::int64_t length, std::int64_t window, bool shifted);
/// Frames, rows and columns of a window: what `counts` windows a side would have at 720p (45×80 patches), for
/// a picture of this shape.
Grid3 windowOf(const Grid3& grid, const Grid3& counts);

class SeedVr2Attention {
public:
    SeedVr2Attention(
        const Scope& scope, const SeedVr2Settings& settings, std::int64_t block, bool textGoesOn);
    /// [1, N, C] of the video, [1, L, C] of the text → the same; the text's is undefined where it does not go
    /// on.
    std::pair<at::Tensor, at::Tensor> operator()(
        const at::Tensor& video, const at::Tensor& text, const Grid3& grid) const;

private:
    /// Queries and keys (normalised) and values: [N, heads, head width].
    struct Parts {
        at::Tensor q, k, v;
    };
    struct Side {
        Side(const Scope& scope, std::string_view name, double eps);
        Parts operator()(const at::Tensor& x, const SeedVr2Settings& settings) const;
        nn::Linear qkv;
        nn::RmsNorm qNorm, kNorm;
    };
    at::Tensor textRotation(std::int64_t length) const;
    at::Tensor videoRotation(const Grid3& window, std::int64_t textLength) const;

    Scope m_scope;
    SeedVr2Settings m_settings;
    Grid3 m_counts{};
    bool m_shifted;
    Side m_video, m_text;
    nn::Linear m_videoOut;
    std::optional<nn::Linear> m_textOut;
    at::Tensor m_frequencies; ///< float32, the same for each axis
};

/// The place of a module's weights for "vid" or "txt": blocks may share one set, named "all".
Scope seedVr2Side(const Scope& module, std::string_view side, std::string_view marker);

} // namespace mantissa
