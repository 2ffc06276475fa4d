// SPDX-License-Identifier: GPL-3.0-or-later
// The pieces of the plan's JSON, shared by plans, presets and imports.
#pragma once

#include "engine/base/json_tree.h"
#include "engine/plan/plan.h"

#include <string>
#include <string_view>

namespace mantissa {

inline constexpr std::string_view kPlanSchema = "mantissa-plan/1";

/// `where` of an error is a JSON pointer that starts with `pointer`. Unknown keys are refused.
Result<Choice> readChoice(const JsonNode& node, std::string_view pointer);
Result<Rule> readRule(const JsonNode& node, std::string_view pointer);
/// What readChoice() reads, without braces: `"format": "nvfp4"`.
std::string choiceMembers(const Choice& choice);
/// Checked against the registry and compiled, with InvalidInput in place of Usage: the fault is in the
/// document.
Status checkedChoice(const Choice& choice, std::string_view pointer);
Status checkedPattern(std::string_view pattern, std::string_view pointer);

/// Layer configs and templates of convert-to-quant (spec quant-formats, section 5.5).
Result<QuantPlan> readLayerConfig(const JsonNode& root);

} // namespace mantissa
