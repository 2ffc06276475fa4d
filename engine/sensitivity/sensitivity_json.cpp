// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/sensitivity.h"

#include "engine/plan/plan_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace mantissa {

namespace {

constexpr std::string_view kSchema = "mantissa-sensitivity/1";

/// Shortest text that reads back as the same number.
std::string numberText(double value)
{
    std::array<char, 32> text{};
    const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc{} ? std::string(text.data(), end) : std::string("0");
}

std::string layerText(const LayerSensitivity& layer)
{
    std::string out = fmt::format("    {{\"name\": {}, \"weights\": {}, \"inputs\": {}",
        quoteJson(layer.name), layer.weights, quoteJson(nameOf(layer.evidence)));
    if (layer.probe)
        out += fmt::format(", \"probe\": {{\"choice\": {}, \"error\": {}}}", quoteJson(layer.probe->choice),
            numberText(layer.probe->error));
    if (layer.nonFinite > 0)
        out += fmt::format(", \"non_finite\": {}", layer.nonFinite);
    out += ", \"choices\": [";
    std::string separator = "\n";
    for (const ChoiceSensitivity& choice : layer.choices) {
        out += fmt::format("{}      {{\"choice\": {{{}}}, \"bytes\": {}", separator,
            choiceMembers(choice.choice), choice.bytes);
        if (choice.weightError)
            out += ", \"weight_error\": " + numberText(*choice.weightError);
        if (choice.outputError)
            out += ", \"output_error\": " + numberText(*choice.outputError);
        out += "}";
        separator = ",\n";
    }
    return out + "]}";
}

tl::unexpected<Error> invalid(std::string pointer, std::string_view what)
{
    return tl::unexpected(Error{ErrorCode::InvalidInput, sentence("the sensitivity table {}", what),
        std::move(pointer), "measure again: name another file, or remove this one"});
}

/// A member of an object, or null where there is none or it is of another kind.
const JsonNode* member(const JsonNode& object, std::string_view key, JsonNode::Kind kind)
{
    const JsonNode* node = object.find(key);
    return node != nullptr && node->kind == kind ? node : nullptr;
}

/// A number that is an error: finite and not negative.
std::optional<double> errorOf(const JsonNode& object, std::string_view key)
{
    const JsonNode* node = object.find(key);
    if (node == nullptr || (node->kind != JsonNode::Kind::Number && node->kind != JsonNode::Kind::Integer)
        || !(node->number >= 0 && node->number < 1e30))
        return std::nullopt;
    return node->number;
}

std::uint64_t countOf(const JsonNode& object, std::string_view key)
{
    const JsonNode* node = member(object, key, JsonNode::Kind::Integer);
    return node == nullptr || node->integer < 0 ? 0 : static_cast<std::uint64_t>(node->integer);
}

Result<LayerSensitivity> readLayer(const JsonNode& node, const std::string& pointer)
{
    LayerSensitivity layer;
    layer.name = node.textAt("name");
    const JsonNode* choices = member(node, "choices", JsonNode::Kind::Array);
    if (node.kind != JsonNode::Kind::Object || layer.name.empty() || choices == nullptr)
        return invalid(pointer, "has a layer without name or choices");
    layer.weights = countOf(node, "weights");
    layer.nonFinite = countOf(node, "non_finite");
    const std::string inputs = node.textAt("inputs");
    for (const InputEvidence evidence : {InputEvidence::Moments, InputEvidence::HeldOut})
        if (inputs == nameOf(evidence))
            layer.evidence = evidence;
    if (const JsonNode* probe = member(node, "probe", JsonNode::Kind::Object))
        if (const auto error = errorOf(*probe, "error"))
            layer.probe = LayerProbe{probe->textAt("choice"), *error};
    for (std::size_t i = 0; i < choices->items.size(); ++i) {
        const std::string place = fmt::format("{}/choices/{}", pointer, i);
        const JsonNode* text = member(choices->items[i], "choice", JsonNode::Kind::Object);
        if (text == nullptr)
            return invalid(place, "has an entry without a choice");
        auto choice = readChoice(*text, place + "/choice");
        if (!choice)
            return forward(std::move(choice));
        layer.choices.push_back({std::move(*choice), countOf(choices->items[i], "bytes"),
            errorOf(choices->items[i], "weight_error"), errorOf(choices->items[i], "output_error")});
    }
    return layer;
}

ProbeSettings readProbe(const JsonNode& node)
{
    ProbeSettings probe;
    probe.calls = static_cast<int>(std::min<std::uint64_t>(countOf(node, "calls"), 100000));
    probe.seed = countOf(node, "seed");
    if (const JsonNode* prompts = member(node, "prompts", JsonNode::Kind::Array))
        for (const JsonNode& prompt : prompts->items)
            probe.prompts.push_back(prompt.string);
    return probe;
}

} // namespace

std::string toJson(const SensitivityTable& table)
{
    std::string out = fmt::format("{{\n  \"schema\": {},\n  \"model\": {},\n  \"architecture\": {},\n"
                                  "  \"statistics\": {},\n  \"recipe\": {},\n",
        quoteJson(kSchema), quoteJson(table.modelHash), quoteJson(table.architecture),
        quoteJson(table.statistics), quoteJson(table.recipe == Recipe::Fast ? "fast" : "absmax"));
    std::string prompts;
    for (const std::string& prompt : table.probe.prompts)
        prompts += (prompts.empty() ? "" : ", ") + quoteJson(prompt);
    out += fmt::format("  \"probe\": {{\"calls\": {}, \"seed\": {}, \"prompts\": [{}]}},\n",
        table.probe.calls, table.probe.seed, prompts);
    out += "  \"layers\": [";
    std::string separator = "\n";
    for (const LayerSensitivity& layer : table.layers) {
        out += separator + layerText(layer);
        separator = ",\n";
    }
    return out + (table.layers.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

Result<SensitivityTable> parseSensitivity(std::string_view json, const Model& model)
{
    const auto root = parseJsonTree(json);
    if (!root)
        return tl::unexpected(root.error());
    if (root->kind != JsonNode::Kind::Object || root->textAt("schema") != kSchema)
        return invalid({}, "is none, or of another version");
    std::map<std::string_view, std::size_t> indexOf;
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        indexOf.emplace(model.layers[i].name, i);
    SensitivityTable table;
    table.modelHash = root->textAt("model");
    table.architecture = root->textAt("architecture");
    table.statistics = root->textAt("statistics");
    table.recipe = root->textAt("recipe") == "absmax" ? Recipe::Absmax : Recipe::Fast;
    if (const JsonNode* probe = member(*root, "probe", JsonNode::Kind::Object))
        table.probe = readProbe(*probe);
    const JsonNode* layers = member(*root, "layers", JsonNode::Kind::Array);
    if (layers == nullptr)
        return invalid("/layers", "lists no layers");
    for (std::size_t i = 0; i < layers->items.size(); ++i) {
        auto layer = readLayer(layers->items[i], fmt::format("/layers/{}", i));
        if (!layer)
            return forward(std::move(layer));
        const auto at = indexOf.find(layer->name);
        if (at == indexOf.end())
            continue;
        layer->layer = at->second;
        table.layers.push_back(std::move(*layer));
    }
    return table;
}

} // namespace mantissa
