// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/plan_json.h"

#include "engine/base/pattern.h"

#include <algorithm>
#include <array>
#include <limits>

namespace mantissa {

namespace {

constexpr std::size_t kMaxRules = 10'000; // every rule is tried on every layer

tl::unexpected<Error> invalid(std::string_view pointer, Sentence message, Sentence hint = {})
{
    return tl::unexpected(Error{ErrorCode::InvalidInput, std::move(message),
        pointer.empty() ? "/" : std::string(pointer), std::move(hint)});
}

tl::unexpected<Error> wrongKind(const JsonNode& node, std::string_view pointer, JsonNode::Kind wanted)
{
    return invalid(pointer, sentence("this must be {}, and it is {}", nameOf(wanted), nameOf(node.kind)));
}

Status readText(std::string& out, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::String)
        return wrongKind(node, pointer, JsonNode::Kind::String);
    out = node.string;
    return {};
}

Status readFlag(bool& out, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Bool)
        return wrongKind(node, pointer, JsonNode::Kind::Bool);
    out = node.boolean;
    return {};
}

Status readCount(int& out, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Integer)
        return wrongKind(node, pointer, JsonNode::Kind::Integer);
    if (node.integer < 0 || node.integer > std::numeric_limits<int>::max())
        return invalid(pointer, sentence("{} is out of range", node.integer));
    out = static_cast<int>(node.integer);
    return {};
}

Status readNumber(double& out, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Integer && node.kind != JsonNode::Kind::Number)
        return wrongKind(node, pointer, JsonNode::Kind::Number);
    out = node.number;
    return {};
}

Status unknownKey(const std::string& key, const std::string& pointer, std::string_view known)
{
    return invalid(pointer, sentence("{} is not a key that this object can have", quoteJson(key)),
        sentence("known are {}", known));
}

/// True and filled in where the key is one of a choice.
Result<bool> readChoiceKey(
    Choice& choice, const std::string& key, const JsonNode& node, const std::string& pointer)
{
    FormatParams& params = choice.params;
    Status status;
    if (key == "format") {
        status = readText(choice.format, node, pointer);
        if (choice.format == "keep")
            choice.format.clear();
        else if (status && choice.format.empty())
            return invalid(pointer, "no format is named", "\"keep\" leaves a layer as it is");
    } else if (key == "scaling") {
        status = readText(params.scaling, node, pointer);
    } else if (key == "block_size") {
        status = readCount(params.blockSize, node, pointer);
    } else if (key == "convrot_group") {
        status = readCount(params.convrotGroup.emplace(), node, pointer);
    } else if (key == "linear_dtype") {
        status = readText(params.linearDtype, node, pointer);
    } else if (key == "bits") {
        status = readCount(params.bits, node, pointer);
    } else if (key == "rank") {
        status = readCount(params.rank, node, pointer);
    } else if (key == "pre_quant_scale") {
        status = readFlag(params.preQuantScale, node, pointer);
    } else if (key == "full_precision_matrix_mult") {
        status = readFlag(params.fullPrecisionMatrixMult, node, pointer);
    } else if (key == "input_clip") {
        status = readNumber(choice.inputClip, node, pointer);
    } else {
        return false;
    }
    if (!status)
        return tl::unexpected(std::move(status.error()));
    return true;
}

constexpr std::string_view kChoiceKeys
    = "format, scaling, block_size, convrot_group, linear_dtype, bits, rank, pre_quant_scale, "
      "full_precision_matrix_mult, input_clip";

Status readSource(QuantPlan& plan, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Object)
        return wrongKind(node, pointer, JsonNode::Kind::Object);
    for (const auto& [key, value] : node.members) {
        const std::string place = pointerTo(pointer, key);
        Status status;
        if (key == "name")
            status = readText(plan.sourceName, value, place);
        else if (key == "xxh3_128")
            status = readText(plan.sourceHash, value, place);
        else
            return unknownKey(key, place, "name, xxh3_128");
        if (!status)
            return status;
    }
    const bool hex = std::all_of(plan.sourceHash.begin(), plan.sourceHash.end(),
        [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (!plan.sourceHash.empty() && (plan.sourceHash.size() != 32 || !hex))
        return invalid(pointerTo(pointer, "xxh3_128"), "an XXH3-128 is 32 hexadecimal digits in lower case");
    return {};
}

Status readArchitecture(QuantPlan& plan, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Object)
        return wrongKind(node, pointer, JsonNode::Kind::Object);
    for (const auto& [key, value] : node.members) {
        const std::string place = pointerTo(pointer, key);
        Status status;
        if (key == "id")
            status = readText(plan.architecture, value, place);
        else if (key == "variant")
            status = readText(plan.variant, value, place);
        else if (key == "prediction")
            status = readText(plan.prediction, value, place);
        else
            return unknownKey(key, place, "id, variant, prediction");
        if (!status)
            return status;
    }
    return {};
}

Status readOneOf(std::string& out, const JsonNode& node, const std::string& pointer,
    std::initializer_list<std::string_view> values)
{
    if (auto status = readText(out, node, pointer); !status)
        return status;
    if (std::find(values.begin(), values.end(), out) == values.end())
        return invalid(pointer, sentence("{} is none of {}", quoteJson(out), fmt::join(values, ", ")));
    return {};
}

Status readComponents(QuantPlan& plan, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Array)
        return wrongKind(node, pointer, JsonNode::Kind::Array);
    for (std::size_t i = 0; i < node.items.size(); ++i)
        if (auto status
            = readText(plan.components.emplace_back(), node.items[i], fmt::format("{}/{}", pointer, i));
            !status)
            return status;
    return {};
}

Status readWholeChoice(Choice& out, const JsonNode& node, const std::string& pointer)
{
    auto choice = readChoice(node, pointer);
    if (!choice)
        return tl::unexpected(std::move(choice.error()));
    out = std::move(*choice);
    return {};
}

Status readRules(QuantPlan& plan, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Array)
        return wrongKind(node, pointer, JsonNode::Kind::Array);
    if (node.items.size() > kMaxRules)
        return invalid(pointer, sentence("a plan has at most {} rules", kMaxRules));
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        auto rule = readRule(node.items[i], fmt::format("{}/{}", pointer, i));
        if (!rule)
            return tl::unexpected(std::move(rule.error()));
        plan.rules.push_back(std::move(*rule));
    }
    return {};
}

Status readOverrides(QuantPlan& plan, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Object)
        return wrongKind(node, pointer, JsonNode::Kind::Object);
    for (const auto& [name, value] : node.members)
        if (auto status = readWholeChoice(plan.overrides[name], value, pointerTo(pointer, name)); !status)
            return status;
    return {};
}

Status readNotes(QuantPlan& plan, const JsonNode& node, const std::string& pointer)
{
    if (node.kind != JsonNode::Kind::Object)
        return wrongKind(node, pointer, JsonNode::Kind::Object);
    for (const auto& [name, value] : node.members)
        if (auto status = readText(plan.notes[name], value, pointerTo(pointer, name)); !status)
            return status;
    return {};
}

Status readMember(QuantPlan& plan, const std::string& key, const JsonNode& node)
{
    const std::string pointer = pointerTo("", key);
    if (key == "schema")
        return {}; // read before
    if (key == "source")
        return readSource(plan, node, pointer);
    if (key == "architecture")
        return readArchitecture(plan, node, pointer);
    if (key == "preset")
        return readText(plan.preset, node, pointer);
    if (key == "base")
        return readWholeChoice(plan.base, node, pointer);
    if (key == "fallback")
        return readWholeChoice(plan.fallback, node, pointer);
    if (key == "recipe")
        return readOneOf(plan.recipe, node, pointer, {"absmax", "fast", "light", "balanced", "best"});
    if (key == "statistics")
        return readText(plan.statistics, node, pointer);
    if (key == "output_dtype")
        return readOneOf(plan.outputDtype, node, pointer, {"keep", "bfloat16", "float16"});
    if (key == "components")
        return readComponents(plan, node, pointer);
    if (key == "preserve_critical")
        return readFlag(plan.preserveCritical, node, pointer);
    if (key == "rules")
        return readRules(plan, node, pointer);
    if (key == "overrides")
        return readOverrides(plan, node, pointer);
    if (key == "notes")
        return readNotes(plan, node, pointer);
    return unknownKey(key, pointer,
        "schema, source, architecture, preset, base, fallback, recipe, statistics, output_dtype, components, "
        "preserve_critical, rules, overrides, notes");
}

} // namespace

Status checkedChoice(const Choice& choice, std::string_view pointer)
{
    if (auto status = checkChoice(choice); !status)
        return invalid(pointer, std::move(status.error().message), std::move(status.error().hint));
    return {};
}

Status checkedPattern(std::string_view pattern, std::string_view pointer)
{
    if (auto compiled = Pattern::compile(pattern); !compiled)
        return invalid(pointer, std::move(compiled.error().message), std::move(compiled.error().hint));
    return {};
}

Result<Choice> readChoice(const JsonNode& node, std::string_view pointer)
{
    if (node.kind != JsonNode::Kind::Object)
        return wrongKind(node, pointer, JsonNode::Kind::Object);
    Choice choice;
    for (const auto& [key, value] : node.members) {
        const std::string place = pointerTo(pointer, key);
        auto known = readChoiceKey(choice, key, value, place);
        if (!known)
            return forward(std::move(known));
        if (!*known)
            return tl::unexpected(unknownKey(key, place, kChoiceKeys).error());
    }
    if (!node.find("format"))
        return invalid(pointer, "no format is named", "\"format\": \"keep\" leaves a layer as it is");
    if (auto status = checkedChoice(choice, pointer); !status)
        return tl::unexpected(std::move(status.error()));
    return choice;
}

Result<Rule> readRule(const JsonNode& node, std::string_view pointer)
{
    if (node.kind != JsonNode::Kind::Object)
        return wrongKind(node, pointer, JsonNode::Kind::Object);
    Rule rule;
    JsonNode choice;
    choice.kind = JsonNode::Kind::Object;
    for (const auto& [key, value] : node.members) {
        const std::string place = pointerTo(pointer, key);
        Status status;
        if (key == "pattern")
            status = readText(rule.pattern, value, place);
        else if (key == "origin")
            status = readText(rule.origin, value, place);
        else if (key == "reason")
            status = readText(rule.reason, value, place);
        else
            choice.members.push_back({key, value});
        if (!status)
            return tl::unexpected(std::move(status.error()));
    }
    if (!node.find("pattern"))
        return invalid(pointer, "a rule needs a pattern");
    if (auto status = checkedPattern(rule.pattern, pointerTo(pointer, "pattern")); !status)
        return tl::unexpected(std::move(status.error()));
    auto read = readChoice(choice, pointer);
    if (!read)
        return forward(std::move(read));
    rule.choice = std::move(*read);
    return rule;
}

Result<QuantPlan> parsePlan(std::string_view json)
{
    auto root = parseJsonTree(json);
    if (!root)
        return forward(std::move(root));
    if (root->kind != JsonNode::Kind::Object)
        return wrongKind(*root, "/", JsonNode::Kind::Object);
    const JsonNode* schema = root->find("schema");
    if (!schema)
        return readLayerConfig(*root);
    if (schema->kind != JsonNode::Kind::String || schema->string != kPlanSchema) {
        return invalid("/schema",
            sentence("this plan follows {}, and this version reads {}",
                schema->kind == JsonNode::Kind::String ? quoteJson(schema->string)
                                                       : std::string("no known schema"),
                kPlanSchema));
    }
    QuantPlan plan;
    for (const auto& [key, value] : root->members)
        if (auto status = readMember(plan, key, value); !status)
            return tl::unexpected(std::move(status.error()));
    return plan;
}

} // namespace mantissa
