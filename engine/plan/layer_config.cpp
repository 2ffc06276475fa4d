// SPDX-License-Identifier: GPL-3.0-or-later
// Layer configs and templates of convert-to-quant 1.3.4 (spec quant-formats, section 5.5) as plans.
//
// Where the original is wrong, this does what the file says: a named format is really encoded so, and the
// scaling mode picks the format that has it. Settings that the original ignores are ignored here too.
#include "engine/plan/plan_json.h"
#include "engine/plan/rule_names.h"

#include <algorithm>
#include <array>
#include <limits>

namespace mantissa {

namespace {

constexpr std::string_view kOrigin = "layer config";
constexpr std::size_t kManyLiterals = 8; // from here on a pattern with \d outranks the others (section 5.5)

tl::unexpected<Error> invalid(std::string pointer, Sentence message, Sentence hint = {})
{
    return tl::unexpected(
        Error{ErrorCode::InvalidInput, std::move(message), std::move(pointer), std::move(hint)});
}

std::string allFormats()
{
    return fmt::format("{}", fmt::join(layerConfigFormats(), ", "));
}

Result<std::string> textSetting(const JsonNode& settings, std::string_view key, const std::string& pointer)
{
    const JsonNode* node = settings.find(key);
    if (!node)
        return std::string();
    if (node->kind != JsonNode::Kind::String)
        return invalid(pointerTo(pointer, key), sentence("{} must be a string", key));
    return node->string;
}

Result<bool> flagSetting(const JsonNode& settings, std::string_view key, const std::string& pointer)
{
    const JsonNode* node = settings.find(key);
    if (!node)
        return false;
    if (node->kind != JsonNode::Kind::Bool)
        return invalid(pointerTo(pointer, key), sentence("{} must be true or false", key));
    return node->boolean;
}

Result<int> blockSetting(const JsonNode& settings, const std::string& pointer)
{
    const JsonNode* node = settings.find("block_size");
    if (!node || node->kind == JsonNode::Kind::Null)
        return 0;
    if (node->kind != JsonNode::Kind::Integer || node->integer < 1
        || node->integer > std::numeric_limits<int>::max())
        return invalid(pointerTo(pointer, "block_size"), "block_size must be a whole number above zero");
    return static_cast<int>(node->integer);
}

Result<std::string> formatSetting(
    const JsonNode& settings, const std::string& name, const std::string& pointer)
{
    const std::string place = pointerTo(pointer, "format");
    auto format = textSetting(settings, "format", pointer);
    if (!format)
        return format;
    if (!settings.find("format"))
        return invalid(
            place, sentence("{} needs a format, or \"skip\": true", quoteJson(name)), allFormats());
    if (format->empty()) {
        return invalid(place, sentence("no format is filled in for {}", quoteJson(name)),
            sentence("a template must be edited first: put one of {} there, or replace it by \"skip\": true",
                allFormats()));
    }
    if (std::ranges::find(layerConfigFormats(), std::string_view(*format)) == layerConfigFormats().end())
        return invalid(
            place, sentence("a layer config cannot name the format {}", quoteJson(*format)), allFormats());
    return format;
}

Result<Choice> readSettings(const JsonNode& settings, const std::string& name, const std::string& pointer)
{
    if (settings.kind != JsonNode::Kind::Object)
        return invalid(pointer, sentence("the settings of {} must be an object", quoteJson(name)));
    Choice choice;
    auto skip = flagSetting(settings, "skip", pointer);
    if (!skip)
        return forward(std::move(skip));
    if (*skip)
        return choice;
    auto format = formatSetting(settings, name, pointer);
    auto scaling = textSetting(settings, "scaling_mode", pointer);
    auto block = blockSetting(settings, pointer);
    auto fullPrecision = flagSetting(settings, "full_precision_matrix_mult", pointer);
    if (!format)
        return forward(std::move(format));
    if (!scaling)
        return forward(std::move(scaling));
    if (!block)
        return forward(std::move(block));
    if (!fullPrecision)
        return forward(std::move(fullPrecision));
    constexpr std::array<std::string_view, 5> kScalings{"tensor", "row", "block", "block2d", "block3d"};
    if (!scaling->empty() && std::find(kScalings.begin(), kScalings.end(), *scaling) == kScalings.end())
        return invalid(pointerTo(pointer, "scaling_mode"),
            sentence("the scaling mode is tensor, row or block, not {}", quoteJson(*scaling)));
    choice.format = formatOfLayerConfig(*format, *scaling);
    choice.params.fullPrecisionMatrixMult = *fullPrecision;
    if (choice.format == "int8_tensorwise") {
        choice.params.scaling = scaling->empty() ? "tensor" : *scaling; // the original's default
        choice.params.convrotGroup = 0; // layer configs know no rotation
    }
    const StorageFormat* known = findFormat(choice.format);
    if (*block != 0 && known && !known->info().blockSizes.empty())
        choice.params.blockSize = *block; // elsewhere the original ignores it
    if (auto status = checkedChoice(choice, pointer); !status)
        return tl::unexpected(std::move(status.error()));
    return choice;
}

struct Ranked {
    Rule rule;
    bool numbered = false; ///< has an explicit \d and enough literal text
    std::size_t literals = 0;
};

Ranked rank(Rule rule)
{
    Ranked ranked;
    const std::string& pattern = rule.pattern;
    bool digits = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) {
            ++i;
            digits |= pattern[i] == 'd';
            const bool letter
                = (pattern[i] >= 'a' && pattern[i] <= 'z') || (pattern[i] >= 'A' && pattern[i] <= 'Z');
            ranked.literals += letter ? 0 : 1; // "\." is a dot, "\d" is not text
        } else if (std::string_view("^$.|?*+()[]{}").find(pattern[i]) == std::string_view::npos) {
            ++ranked.literals;
        }
    }
    ranked.numbered = digits && ranked.literals >= kManyLiterals;
    ranked.rule = std::move(rule);
    return ranked;
}

/// Names that a template left out: they stay as they are unless a pattern says otherwise.
Status readExclusions(QuantPlan& plan, const JsonNode& node)
{
    const std::string pointer = "/_exclusions";
    if (node.kind != JsonNode::Kind::Array)
        return invalid(pointer, "_exclusions must be a list of patterns");
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string place = fmt::format("{}/{}", pointer, i);
        if (node.items[i].kind != JsonNode::Kind::String)
            return invalid(place, "an exclusion must be a string");
        if (auto status = checkedPattern(node.items[i].string, place); !status)
            return status;
        plan.rules.push_back({node.items[i].string, {}, std::string(kOrigin), "listed in _exclusions"});
    }
    return {};
}

bool looksLikeConfig(const JsonNode& root)
{
    return std::all_of(root.members.begin(), root.members.end(), [](const JsonMember& member) {
        return !member.key.empty()
            && (member.key.front() == '_' || member.value.kind == JsonNode::Kind::Object);
    });
}

} // namespace

Result<QuantPlan> readLayerConfig(const JsonNode& root)
{
    if (root.members.empty() || !looksLikeConfig(root)) {
        return invalid("/", "this is neither a plan of Mantissa nor a layer config of convert-to-quant",
            sentence("a plan begins with \"schema\": \"{}\"", kPlanSchema));
    }
    QuantPlan plan;
    plan.preserveCritical
        = false; // the original preserves nothing by itself; the config speaks for every layer
    std::vector<Ranked> ranked;
    for (const auto& [name, settings] : root.members) {
        const std::string pointer = pointerTo("", name);
        if (name == "_exclusions") {
            if (auto status = readExclusions(plan, settings); !status)
                return tl::unexpected(std::move(status.error()));
            continue;
        }
        if (name.front() == '_' && name != "_default")
            continue; // notes
        auto choice = readSettings(settings, name, pointer);
        if (!choice)
            return forward(std::move(choice));
        if (name == "_default") {
            plan.base = std::move(*choice);
            continue;
        }
        if (auto status = checkedPattern(name, pointer); !status)
            return tl::unexpected(std::move(status.error()));
        ranked.push_back(rank({name, std::move(*choice), std::string(kOrigin), {}}));
    }
    // The original takes the first of: numbered patterns, then the longer literal text, then the order of the
    // file. In a plan later rules win, so the order is turned round.
    std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
        return a.numbered != b.numbered ? a.numbered : a.literals > b.literals;
    });
    for (auto entry = ranked.rbegin(); entry != ranked.rend(); ++entry)
        plan.rules.push_back(std::move(entry->rule));
    return plan;
}

} // namespace mantissa
