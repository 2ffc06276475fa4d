// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/rule_import.h"

#include "engine/base/pattern.h"
#include "engine/plan/rule_names.h"

#include <algorithm>
#include <map>

namespace mantissa {

namespace {

constexpr std::string_view kTensorTypes = "tensor type rules", kComfyQuants = "comfy-quants";

tl::unexpected<Error> invalid(Sentence message, Sentence where, Sentence hint = {})
{
    return tl::unexpected(
        Error{ErrorCode::InvalidInput, std::move(message), std::move(where), std::move(hint)});
}

std::string_view trimmed(std::string_view text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

void addNote(ImportedRules& imported, Sentence note)
{
    if (!note.empty() && std::ranges::find(imported.notes, note) == imported.notes.end())
        imported.notes.push_back(std::move(note));
}

/// Theirs are searched for in names of tensors, ours in names of layers, which have no ".weight".
std::string forLayers(std::string pattern, ImportedRules& imported)
{
    for (const std::string_view end : {"\\.weight$", "\\.weight", ".weight$", ".weight"})
        if (pattern.ends_with(end))
            return pattern.substr(0, pattern.size() - end.size()) + "$";
    if (pattern.find("weight") != std::string::npos || pattern.find("bias") != std::string::npos)
        addNote(imported,
            sentence("names of layers have no \".weight\" or \".bias\": {} may match nothing", pattern));
    return pattern;
}

Result<ImportedRules> importTensorTypes(std::string_view text)
{
    ImportedRules imported;
    text = trimmed(text);
    constexpr std::string_view kOption = "--tensor-type-rules";
    if (text.starts_with(kOption)) // a piece of a command line
        text = trimmed(text.substr(kOption.size() + (text.substr(kOption.size()).starts_with('=') ? 1 : 0)));
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
        text = text.substr(1, text.size() - 2);
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min({text.find(',', begin), text.find('\n', begin), text.size()});
        const std::string item(trimmed(text.substr(begin, end - begin)));
        begin = end + 1;
        if (item.empty())
            continue;
        const std::size_t equals = item.find('=');
        if (equals == std::string::npos || equals == 0)
            return invalid("a rule is PATTERN=TYPE", item, "as in ^vae\\.=f16,model\\.=q8_0");
        const std::string_view type = trimmed(std::string_view(item).substr(equals + 1));
        const GgmlTypeName* const format = findGgmlType(type);
        if (format == nullptr)
            return invalid(sentence("\"{}\" is no type of GGML that stores weights", type), item,
                "f32, f16, bf16, q8_0, q6_k, q5_k, q4_k, q4_0, …");
        const std::string pattern = forLayers(item.substr(0, equals), imported);
        if (const auto compiled = Pattern::compile(pattern); !compiled)
            return invalid(compiled.error().message, item);
        addNote(imported, Message(format->note));
        imported.rules.push_back(
            {pattern, Choice{std::string(format->format), {}}, std::string(kTensorTypes), "was " + item});
    }
    if (imported.rules.empty())
        return invalid("there are no rules in this text", {}, "as in ^vae\\.=f16,model\\.=q8_0");
    std::ranges::reverse(imported.rules); // theirs: the first that fits counts; ours: the last
    return imported;
}

/// "double_blocks.*" as a pattern over full names, whatever stands before the first part of them.
std::string patternOf(std::string_view glob)
{
    std::string pattern = glob.starts_with('*') ? "" : "(^|\\.)";
    const bool openEnd = glob.ends_with('*');
    while (glob.starts_with('*'))
        glob.remove_prefix(1);
    while (glob.ends_with('*'))
        glob.remove_suffix(1);
    for (std::size_t begin = 0; begin <= glob.size();) {
        const std::size_t end = std::min(glob.find_first_of("*?", begin), glob.size());
        pattern += escapePattern(glob.substr(begin, end - begin));
        if (end < glob.size())
            pattern += glob[end] == '*' ? ".*" : ".";
        begin = end + 1;
    }
    return openEnd ? pattern : pattern + "$";
}

/// What such a config uses of YAML: maps and lists by indentation, plain and quoted words, lists in brackets.
class PlainYaml {
public:
    static Result<PlainYaml> read(std::string_view text)
    {
        PlainYaml yaml;
        std::size_t number = 0;
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            ++number;
            if (Status status = yaml.line(text.substr(begin, end - begin), number); !status)
                return forward(std::move(status));
            begin = end + 1;
        }
        return yaml;
    }
    /// Of "quant.target_dtype"; empty: not there.
    std::string value(const std::string& path) const
    {
        const auto found = m_values.find(path);
        return found == m_values.end() || found->second.empty() ? std::string() : found->second.front();
    }
    std::vector<std::string> list(const std::string& path) const
    {
        const auto found = m_values.find(path);
        return found == m_values.end() ? std::vector<std::string>{} : found->second;
    }

private:
    static std::string_view withoutComment(std::string_view line)
    {
        char quote = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (quote != 0)
                quote = line[i] == quote ? '\0' : quote;
            else if (line[i] == '"' || line[i] == '\'')
                quote = line[i];
            else if (line[i] == '#' && (i == 0 || line[i - 1] == ' '))
                return line.substr(0, i);
        }
        return line;
    }
    static std::string word(std::string_view text)
    {
        text = trimmed(text);
        const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'')
            && text.back() == text.front();
        return std::string(quoted ? text.substr(1, text.size() - 2) : text);
    }
    std::string path() const
    {
        std::string joined;
        for (const auto& [indent, key] : m_stack)
            joined += (joined.empty() ? "" : ".") + key;
        return joined;
    }

    Status line(std::string_view raw, std::size_t number)
    {
        const std::string_view content = withoutComment(raw);
        const std::string_view text = trimmed(content);
        const Sentence where = sentence("line {}", number);
        if (text.empty() || text == "---")
            return {};
        const std::size_t indent = content.find_first_not_of(' ');
        if (content[indent] == '\t')
            return invalid("tabs cannot indent YAML", where);
        const bool item = text == "-" || text.starts_with("- ");
        // Items of a list may stand as far left as the key that they belong to.
        while (
            !m_stack.empty() && (m_stack.back().first > indent || (m_stack.back().first == indent && !item)))
            m_stack.pop_back();
        if (item) {
            const std::string_view rest = trimmed(text.substr(1));
            if (rest.starts_with('*') || rest.starts_with('&') || rest.starts_with('{'))
                return invalid("this part of YAML is not understood", where, "put globs into quotes");
            m_values[path()].push_back(word(rest));
            return {};
        }
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos)
            return invalid("this line is neither \"key: value\" nor \"- item\"", where);
        m_stack.emplace_back(indent, word(text.substr(0, colon)));
        std::string_view rest = trimmed(text.substr(colon + 1));
        if (rest.empty())
            return {};
        if (rest.starts_with('|') || rest.starts_with('>') || rest.starts_with('&') || rest.starts_with('{'))
            return invalid("this part of YAML is not understood", where);
        std::vector<std::string>& values = m_values[path()];
        if (!rest.starts_with('[')) {
            values.push_back(word(rest));
            return {};
        }
        if (!rest.ends_with(']'))
            return invalid("a list in brackets must end on its line", where);
        rest = rest.substr(1, rest.size() - 2);
        for (std::size_t begin = 0; begin <= rest.size();) {
            const std::size_t end = std::min(rest.find(',', begin), rest.size());
            if (const std::string each = word(rest.substr(begin, end - begin)); !each.empty())
                values.push_back(each);
            begin = end + 1;
        }
        return {};
    }

    std::vector<std::pair<std::size_t, std::string>> m_stack;
    std::map<std::string, std::vector<std::string>> m_values;
};

Result<ImportedRules> importComfyQuants(std::string_view text)
{
    const auto yaml = PlainYaml::read(text);
    if (!yaml)
        return tl::unexpected(yaml.error());
    std::string name = yaml->value("quant.target_dtype");
    if (name.empty())
        name = yaml->value("quant.algorithm");
    if (name.empty())
        return invalid("the config names no format", "quant.target_dtype");
    const ComfyQuantsName* const alias = findComfyQuantsName(name);
    const std::string format = alias != nullptr ? std::string(alias->format) : name;
    if (findFormat(format) == nullptr)
        return invalid(sentence("\"{}\" is no format that can be taken over", name), "quant.target_dtype",
            "'mantissa formats' lists those that can");
    ImportedRules imported;
    const auto add = [&](const std::string& glob, const char* list, const Choice& choice) {
        imported.rules.push_back(
            {patternOf(glob), choice, std::string(kComfyQuants), fmt::format("{}: {}", list, glob)});
    };
    std::vector<std::string> include = yaml->list("quant.modules.include");
    if (include.empty())
        include.emplace_back("*");
    for (const std::string& glob : include)
        add(glob, "include", Choice{format, {}});
    for (const std::string& glob : yaml->list("quant.modules.exclude"))
        add(glob, "exclude", Choice{});
    if (const std::string rounding = yaml->value("quant.rounding");
        !rounding.empty() && rounding != "nearest_even")
        addNote(imported, sentence("the rounding \"{}\" is chosen by the recipe here", rounding));
    if (const std::string method = yaml->value("quant.scale.method"); !method.empty() && method != "amax")
        addNote(imported, sentence("scales by \"{}\" are chosen by the recipe here", method));
    if (yaml->value("model.components.text_encoder") == "quantize"
        || yaml->value("model.components.vae") == "quantize")
        addNote(imported, "which components are quantized is a setting of the plan, not a rule");
    return imported;
}

} // namespace

Result<ImportedRules> importRules(std::string_view text)
{
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (trimmed(text.substr(begin, end - begin)) == "quant:") {
            auto imported = importComfyQuants(text);
            for (std::size_t idx = 0; imported && idx < imported->rules.size(); ++idx)
                if (const auto compiled = Pattern::compile(imported->rules[idx].pattern); !compiled)
                    return invalid(compiled.error().message, imported->rules[idx].reason);
            return imported;
        }
        begin = end + 1;
    }
    return importTensorTypes(text);
}

} // namespace mantissa
