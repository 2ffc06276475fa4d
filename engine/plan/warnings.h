// SPDX-License-Identifier: GPL-3.0-or-later
// What a person should know about a resolved plan before it runs.
#pragma once

#include "engine/base/pattern.h"
#include "engine/plan/plan.h"

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
    std::map<std::string, std::uint32_t> layersByFormat;
    std::uint32_t requantized = 0;
};

bool isOfPreset(const Rule& rule);
Result<std::vector<std::string>> planWarnings(
    const QuantPlan& plan, const Model& model, const std::vector<Pattern>& patterns, const PlanUse& use);

} // namespace mantissa
