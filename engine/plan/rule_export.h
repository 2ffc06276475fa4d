// SPDX-License-Identifier: GPL-3.0-or-later
// What a plan does, as rules of other tools: the way back from rule_import.h.
#pragma once

#include "engine/plan/plan.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct ExportedRules {
    std::string text; ///< ends with a line break
    std::vector<Sentence> notes; ///< what could not be said the same way, a sentence each
};

struct RuleExport; // engine/plan/rule_dialects.h
class ExportNotes;

/// A tool that takes rules, and how it writes them.
struct RuleDialect {
    std::string_view id; ///< "comfy-quants": what the command line calls it
    std::string_view name; ///< "comfy-quants"
    std::string_view suffix; ///< of its files, with the dot
    MessageSource about; ///< what the text is, and where the tool takes it
    Result<std::string> (*write)(const RuleExport& request, ExportNotes& notes) = nullptr;
    /// Where its rules speak about one format and leave other layers alone: those that it can be, most bytes
    /// first. Else null.
    std::vector<std::string> (*formats)(const RuleExport& request) = nullptr;
};
/// All of them, in the order in which they are offered.
std::span<const RuleDialect> ruleDialects();
/// Null if there is none of this id.
const RuleDialect* findRuleDialect(std::string_view id);

/// For dialects with one format: those of the plan that it can be, most bytes first. Empty for others.
std::vector<std::string> formatsToChoose(
    const RuleDialect& dialect, const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved);

/// Says what the resolved plan does to every layer of the model, whether rules, overrides, guards or the list
/// of critical layers decided it. `format`: for dialects with one format, that one; empty: the one with most
/// bytes. Usage where it is given to others or nothing is stored in it; Unsupported where the tool has none
/// of the plan's formats. Any thread.
Result<ExportedRules> exportRules(const RuleDialect& dialect, const QuantPlan& plan, const Model& model,
    const ResolvedPlan& resolved, std::string_view format = {});

} // namespace mantissa
