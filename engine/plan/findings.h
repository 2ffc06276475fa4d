// SPDX-License-Identifier: GPL-3.0-or-later
// What a person should know about a resolved plan before it runs.
#pragma once

#include "engine/base/pattern.h"
#include "engine/plan/plan.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mantissa {

struct RuleUse {
    bool matched = false; ///< found in the name of a layer with weights of a selected component
    bool reached = false; ///< … that some format could store
};

/// What the resolver saw while it went through the layers.
struct PlanUse {
    std::vector<RuleUse> rules;
    std::map<std::string, std::vector<std::size_t>> layersByFormat;
    std::vector<std::size_t> requantized; ///< layers that are decoded and quantized again
    std::vector<std::size_t> fromPlainFp8; ///< layers that were cast to 8 bits before
    std::uint32_t leftStored = 0; ///< quantized layers that nobody asked to quantize again
};

bool isOfPreset(const Rule& rule);
/// "rule 3 (preset flux1 "txt_in")".
Message ruleName(const QuantPlan& plan, std::size_t index);
/// `decisions`: one for each layer, as the resolver made them.
Result<std::vector<Finding>> planFindings(const QuantPlan& plan, const Model& model,
    const std::vector<Pattern>& patterns, const PlanUse& use, const std::vector<Decision>& decisions);

/// The format that `accepted` takes, stores layers like these, and is nearest to `format` in bits a weight;
/// keep where there is none.
Choice nearestChoice(std::string_view format, const Model& model, const std::vector<std::size_t>& layers,
    RecipeLevel recipe, const std::function<bool(const StorageFormat&)>& accepted);

} // namespace mantissa
