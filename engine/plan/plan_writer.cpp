// SPDX-License-Identifier: GPL-3.0-or-later
// One line for each rule and override, in a fixed order, so that two plans can be compared line by line.
#include "engine/plan/plan_json.h"

namespace mantissa {

std::string choiceMembers(const Choice& choice)
{
    const FormatParams& params = choice.params;
    std::string out = "\"format\": " + quoteJson(choice.keeps() ? "keep" : choice.format);
    if (!params.scaling.empty())
        out += ", \"scaling\": " + quoteJson(params.scaling);
    if (params.blockSize != 0)
        out += fmt::format(", \"block_size\": {}", params.blockSize);
    if (params.convrotGroup)
        out += fmt::format(", \"convrot_group\": {}", *params.convrotGroup);
    if (!params.linearDtype.empty())
        out += ", \"linear_dtype\": " + quoteJson(params.linearDtype);
    if (params.bits != 0)
        out += fmt::format(", \"bits\": {}", params.bits);
    if (params.rank != 0)
        out += fmt::format(", \"rank\": {}", params.rank);
    if (params.preQuantScale)
        out += ", \"pre_quant_scale\": true";
    if (params.fullPrecisionMatrixMult)
        out += ", \"full_precision_matrix_mult\": true";
    if (choice.inputClip != 0)
        out += fmt::format(", \"input_clip\": {}", choice.inputClip);
    return out;
}

namespace {

std::string ruleText(const Rule& rule)
{
    std::string out
        = fmt::format("{{\"pattern\": {}, {}", quoteJson(rule.pattern), choiceMembers(rule.choice));
    if (!rule.origin.empty())
        out += ", \"origin\": " + quoteJson(rule.origin);
    if (!rule.reason.empty())
        out += ", \"reason\": " + quoteJson(rule.reason);
    return out + "}";
}

} // namespace

std::string toJson(const QuantPlan& plan)
{
    std::string out = "{\n";
    out += fmt::format("  \"schema\": {},\n", quoteJson(kPlanSchema));
    out += fmt::format("  \"source\": {{\"name\": {}, \"xxh3_128\": {}}},\n", quoteJson(plan.sourceName),
        quoteJson(plan.sourceHash));
    out += fmt::format("  \"architecture\": {{\"id\": {}, \"variant\": {}, \"prediction\": {}}},\n",
        quoteJson(plan.architecture), quoteJson(plan.variant), quoteJson(plan.prediction));
    out += fmt::format("  \"preset\": {},\n", quoteJson(plan.preset));
    out += fmt::format("  \"base\": {{{}}},\n", choiceMembers(plan.base));
    out += fmt::format("  \"fallback\": {{{}}},\n", choiceMembers(plan.fallback));
    out += fmt::format("  \"recipe\": {},\n", quoteJson(plan.recipe));
    if (!plan.statistics.empty())
        out += fmt::format("  \"statistics\": {},\n", quoteJson(plan.statistics));
    out += fmt::format("  \"output_dtype\": {},\n", quoteJson(plan.outputDtype));
    std::string components;
    for (const std::string& role : plan.components)
        components += (components.empty() ? "" : ", ") + quoteJson(role);
    out += fmt::format("  \"components\": [{}],\n", components);
    out += fmt::format("  \"preserve_critical\": {},\n", plan.preserveCritical);
    std::string separator = "\n";
    out += "  \"rules\": [";
    for (const Rule& rule : plan.rules) {
        out += separator + "    " + ruleText(rule);
        separator = ",\n";
    }
    out += plan.rules.empty() ? "],\n" : "\n  ],\n";
    separator = "\n";
    out += "  \"overrides\": {";
    for (const auto& [name, choice] : plan.overrides) {
        out += fmt::format("{}    {}: {{{}}}", separator, quoteJson(name), choiceMembers(choice));
        separator = ",\n";
    }
    out += plan.overrides.empty() ? "}" : "\n  }";
    separator = ",\n  \"notes\": {\n";
    for (const auto& [name, note] : plan.notes) {
        out += fmt::format("{}    {}: {}", separator, quoteJson(name), quoteJson(note));
        separator = ",\n";
    }
    return out + (plan.notes.empty() ? "\n}\n" : "\n  }\n}\n");
}

} // namespace mantissa
