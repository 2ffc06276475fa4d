// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of Python's argparse, as far as this command line needs them.
#include "engine/ctq/options.h"

#include "engine/plan/ctq_filters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mantissa::ctq {

namespace {

struct HelpSwitch {
    std::string_view name;
    HelpPage page;
};
constexpr std::array<HelpSwitch, 16> kHelpSwitches = {{{"-h", HelpPage::Standard},
    {"--help", HelpPage::Standard}, {"-hl", HelpPage::Learned}, {"--help-learned", HelpPage::Learned},
    {"-he", HelpPage::Experimental}, {"--help-experimental", HelpPage::Experimental},
    {"-hf", HelpPage::Filters}, {"--help-filters", HelpPage::Filters}, {"-ha", HelpPage::Advanced},
    {"--help-advanced", HelpPage::Advanced}, {"-hm", HelpPage::Modes}, {"--help-modes", HelpPage::Modes},
    {"-hlr", HelpPage::Lora}, {"--help-lora", HelpPage::Lora}, {"-hx", HelpPage::Other},
    {"--help-other", HelpPage::Other}}};

/// What a spelling stands for: a row of the table, or a filter.
struct Target {
    const OptionSpec* spec = nullptr;
    std::string_view filter;

    bool operator==(const Target&) const = default;
    bool isFork() const { return spec && spec->origin != OptionOrigin::Ctq; }
};

struct Spelling {
    std::string name;
    Target target;
};

std::vector<Spelling> makeSpellings()
{
    std::vector<Spelling> list;
    for (const OptionSpec& spec : optionTable())
        for (const std::string_view name : words(spec.names))
            list.push_back({std::string(name), {&spec, {}}});
    for (const CtqFilter& filter : ctqFilters())
        list.push_back({"--" + filter.id, {nullptr, filter.id}});
    return list;
}

const std::vector<Spelling>& spellings()
{
    static const std::vector<Spelling> list = makeSpellings();
    return list;
}

std::optional<HelpPage> helpPage(std::string_view arg)
{
    for (const HelpSwitch& entry : kHelpSwitches)
        if (entry.name == arg)
            return entry.page;
    return std::nullopt;
}

/// Python's int(): spaces around, a sign, digits with single underscores between them.
std::optional<std::int64_t> parseInteger(std::string_view text)
{
    constexpr std::string_view kSpaces = " \t\n\r\f\v";
    const std::size_t first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != '_' || i == 0 || i + 1 == text.size() || text[i - 1] == '_')
            digits += text[i];
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (code != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

std::optional<double> parseFloat(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end != text.data() + text.size() || (code != std::errc() && !std::isinf(value)))
        return std::nullopt;
    return value;
}

Status checkValue(const OptionSpec& spec, const std::string& value)
{
    const std::string_view name = words(spec.names).front();
    if (spec.kind == OptionKind::Integer && !parseInteger(value))
        return fail(ErrorCode::Usage, "argument {}: invalid int value: '{}'", name, value);
    if (spec.kind == OptionKind::Float && !parseFloat(value))
        return fail(ErrorCode::Usage, "argument {}: invalid float value: '{}'", name, value);
    const std::vector<std::string_view> choices = words(spec.choices);
    if (choices.empty())
        return {};
    const std::string plain
        = spec.kind == OptionKind::Integer ? fmt::format("{}", *parseInteger(value)) : value;
    if (std::find(choices.begin(), choices.end(), plain) == choices.end())
        return fail(ErrorCode::Usage, "argument {}: invalid choice: '{}' (choose from {})", name, value,
            fmt::join(choices, ", "));
    return {};
}

bool looksLikeNegativeNumber(std::string_view arg)
{
    if (arg.size() < 2 || arg.front() != '-')
        return false;
    const std::string_view digits = arg.substr(1);
    const auto dots = std::count(digits.begin(), digits.end(), '.');
    const bool plain = std::all_of(
        digits.begin(), digits.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return plain && dots <= 1 && digits.back() != '.';
}

/// One argument, classified.
struct Word {
    bool isOption = false;
    Target target; ///< of an option; empty if unknown
    std::string name; ///< as it was written
    std::optional<std::string> value; ///< what followed an equals sign or a short option directly
};

class Parser {
public:
    explicit Parser(const std::vector<std::string>& args)
        : m_args(args)
    { }

    Result<ParsedOptions> run()
    {
        for (const std::string& arg : m_args)
            if (const auto page = helpPage(arg)) {
                m_parsed.help = page;
                return m_parsed;
            }
        for (m_next = 0; m_next < m_args.size();)
            if (Status step = one(); !step)
                return forward(std::move(step));
        if (!m_parsed.flag("input"))
            return fail(ErrorCode::Usage, "the following arguments are required: -i/--input");
        if (!m_stray.empty())
            return fail(ErrorCode::Usage, "unrecognized arguments: {}", fmt::join(m_stray, " "));
        return m_parsed;
    }

private:
    Status one()
    {
        Result<Word> word = classify(m_args[m_next]);
        if (!word)
            return forward(std::move(word));
        if (m_args[m_next] == "--") {
            m_stray.insert(
                m_stray.end(), m_args.begin() + static_cast<std::ptrdiff_t>(m_next) + 1, m_args.end());
            m_next = m_args.size();
            return {};
        }
        ++m_next;
        if (!word->isOption || word->target == Target{}) {
            m_stray.push_back(m_args[m_next - 1]);
            return {};
        }
        if (!word->target.spec)
            return filter(*word);
        return option(*word->target.spec, *word);
    }

    Status filter(const Word& word)
    {
        if (word.value)
            return fail(
                ErrorCode::Usage, "argument {}: ignored explicit argument '{}'", word.name, *word.value);
        const std::string id(word.target.filter);
        if (std::find(m_parsed.filters.begin(), m_parsed.filters.end(), id) == m_parsed.filters.end())
            m_parsed.filters.push_back(id);
        return {};
    }

    Status option(const OptionSpec& spec, const Word& word)
    {
        const std::string key(spec.key);
        m_parsed.given.insert(key);
        std::vector<std::string> values;
        if (word.value)
            values.push_back(*word.value);
        if (spec.kind == OptionKind::Switch) {
            if (word.value)
                return fail(
                    ErrorCode::Usage, "argument {}: ignored explicit argument '{}'", word.name, *word.value);
            return {};
        }
        const bool many = spec.kind == OptionKind::TextList;
        while ((many || values.empty()) && !word.value && m_next < m_args.size()) {
            Result<Word> next = classify(m_args[m_next]);
            if (!next)
                return forward(std::move(next));
            if (next->isOption || m_args[m_next] == "--")
                break;
            values.push_back(m_args[m_next++]);
        }
        if (values.empty() && spec.kind != OptionKind::OptionalText)
            return fail(ErrorCode::Usage, "argument {}: expected {} argument{}", word.name,
                many ? "at least one" : "one", many ? "s" : "");
        for (const std::string& value : values)
            if (Status checked = checkValue(spec, value); !checked)
                return checked;
        m_parsed.values[key] = std::move(values);
        return {};
    }

    /// argparse's decision whether an argument is an option, and which.
    static Result<Word> classify(const std::string& arg)
    {
        Word word;
        word.name = arg;
        if (arg.size() < 2 || arg.front() != '-' || arg == "--")
            return word;
        word.isOption = true;
        if (const Target exact = find(arg); exact != Target{}) {
            word.target = exact;
            return word;
        }
        const std::size_t equals = arg.find('=');
        const std::string name = arg.substr(0, equals);
        std::optional<std::string> value;
        if (equals != std::string::npos)
            value = arg.substr(equals + 1);
        if (const Target exact = find(name); value && exact != Target{})
            return Word{true, exact, name, value};
        for (const bool fork : {false, true})
            if (Result<std::optional<Word>> found = abbreviation(arg, name, value, fork); !found)
                return forward(std::move(found));
            else if (*found)
                return **found;
        // Negative numbers and texts with spaces are values; anything else is an option nobody knows.
        word.isOption = !looksLikeNegativeNumber(arg) && arg.find(' ') == std::string::npos;
        return word;
    }

    static Target find(std::string_view name)
    {
        for (const Spelling& spelling : spellings())
            if (spelling.name == name)
                return spelling.target;
        return {};
    }

    /// A unique prefix of a long option, or a short option with its value attached.
    static Result<std::optional<Word>> abbreviation(
        const std::string& arg, const std::string& name, const std::optional<std::string>& value, bool fork)
    {
        std::optional<Word> found;
        std::vector<std::string> matches;
        const bool isLong = arg.starts_with("--");
        for (const Spelling& spelling : spellings()) {
            if (spelling.target.isFork() != fork)
                continue;
            std::optional<Word> match;
            if (spelling.name.starts_with(isLong ? name : arg))
                match = Word{true, spelling.target, spelling.name, isLong ? value : std::nullopt};
            else if (!isLong && spelling.name.size() == 2 && arg.starts_with(spelling.name))
                match = Word{true, spelling.target, spelling.name, arg.substr(2)};
            if (!match)
                continue;
            if (found && found->target != match->target)
                matches.push_back(spelling.name);
            else
                found = std::move(match);
        }
        if (!matches.empty())
            return fail(ErrorCode::Usage, "ambiguous option: {} could match {}, {}", arg, found->name,
                fmt::join(matches, ", "));
        return found;
    }

    const std::vector<std::string>& m_args;
    std::size_t m_next = 0;
    ParsedOptions m_parsed;
    std::vector<std::string> m_stray;
};

const OptionSpec* specOf(std::string_view key)
{
    for (const OptionSpec& spec : optionTable())
        if (spec.key == key)
            return &spec;
    return nullptr;
}

} // namespace

std::vector<std::string_view> words(std::string_view text)
{
    std::vector<std::string_view> list;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0)
            list.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return list;
}

std::string ParsedOptions::text(std::string_view key) const
{
    if (const auto at = values.find(key); at != values.end() && !at->second.empty())
        return at->second.back();
    const OptionSpec* const spec = specOf(key);
    return spec ? std::string(spec->fallback) : std::string();
}

std::optional<std::int64_t> ParsedOptions::integer(std::string_view key) const
{
    return parseInteger(text(key));
}

double ParsedOptions::number(std::string_view key) const
{
    return parseFloat(text(key)).value_or(0.0);
}

Result<ParsedOptions> parseOptions(const std::vector<std::string>& args)
{
    Result<ParsedOptions> parsed = Parser(args).run();
    if (!parsed)
        return tl::unexpected(std::move(parsed.error()).withHint("`mantissa ctq --help` lists the options"));
    // In the order of the table, whatever the order they were named in: it decides which reason is given
    // first.
    std::vector<std::string> ordered;
    for (const CtqFilter& filter : ctqFilters())
        if (std::find(parsed->filters.begin(), parsed->filters.end(), filter.id) != parsed->filters.end())
            ordered.push_back(filter.id);
    parsed->filters = std::move(ordered);
    return parsed;
}

} // namespace mantissa::ctq
