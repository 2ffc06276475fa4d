// SPDX-License-Identifier: GPL-3.0-or-later
// What quality_bench measures: formats with labels, and methods by name.
#pragma once

#include "engine/torch/layer_quantizer.h"

#include <string_view>
#include <vector>

namespace mantissa::bench {

struct BenchFormat {
    std::string_view label; ///< the format's id, and "+convrot" where the rotation is an option and on
    std::string_view id;
    FormatParams wanted;
    bool rotates = false;
};
std::vector<BenchFormat> benchFormats();

struct BenchMethod {
    std::string_view name;
    std::string_view what; ///< for --help
    bool isRecipe = false;
    RecipeLevel level = RecipeLevel::Absmax; ///< of a recipe
    QuantizationSteps steps; ///< of a method
    int errorLoraRank = 0; ///< then an error-correction LoRA of this rank
};
/// The five recipes, then the methods that make sense for the format.
std::vector<BenchMethod> methodsFor(const BenchFormat& format);

} // namespace mantissa::bench
