// SPDX-License-Identifier: GPL-3.0-or-later
// How much effort a conversion spends on codes and scales: the name that plans, the command line and the
// window use. What a recipe does inside a format is engine/torch/layer_quantizer.h (stepsOf).
#pragma once

#include "engine/base/error.h"
#include "engine/formats/storage_format.h"

#include <optional>
#include <span>
#include <string_view>

namespace mantissa {

/// In rising order of what it needs and costs (spec/algorithms 4.2).
enum class RecipeLevel {
    Absmax, ///< plain rounding
    Fast, ///< the best without data
    Light, ///< channel means and diagonals only: weighted scales, bias correction
    Balanced, ///< full second moments: GPTQ
    Best, ///< GPTQ with coordinate descent and what else goes with the format
};

std::optional<RecipeLevel> recipeLevelOf(std::string_view name); ///< "absmax", "fast", "light", …
std::string_view nameOf(RecipeLevel level) noexcept;
std::span<const RecipeLevel> recipeLevels() noexcept; ///< all of them, in order
/// Whether it needs statistics of a calibration run.
bool needsStatistics(RecipeLevel level) noexcept;
/// What the format's own encoder does for it: the part without data.
Recipe dataFreePart(RecipeLevel level) noexcept;
/// The recipe's wishes added to the user's: `best` wants NVFP4's pre_quant_scale, which carries smoothing.
FormatParams paramsFor(RecipeLevel level, std::string_view formatId, FormatParams wanted);

} // namespace mantissa
