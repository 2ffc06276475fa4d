// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <optional>

namespace mantissa {

namespace {

// Bounds for hostile patterns: 30 rules on 10,000 names stay below a second even if every match runs into
// them.
constexpr std::size_t kMaxPatternBytes = 4096;
constexpr std::uint32_t kMaxSteps = 20'000;
constexpr std::uint32_t kMaxHeapKiB = 4096;
constexpr std::string_view kSpecial = R"(\^$.|?*+()[]{})";

/// The text that a pattern without operators looks for; empty if it has one.
std::optional<std::string> plainText(std::string_view pattern)
{
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') {
            // Only escaped punctuation stands for itself; `\d`, `\b`, `\1` do not.
            if (i + 1 == pattern.size() || kSpecial.find(pattern[i + 1]) == std::string_view::npos)
                return std::nullopt;
            text += pattern[++i];
        } else if (kSpecial.find(pattern[i]) != std::string_view::npos) {
            return std::nullopt;
        } else {
            text += pattern[i];
        }
    }
    return text;
}

PCRE2_SPTR units(std::string_view text)
{
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

} // namespace

struct Pattern::Compiled {
    explicit Compiled(pcre2_code* compiled)
        : code(compiled)
        , context(pcre2_match_context_create(nullptr))
    {
        pcre2_jit_compile(
            code, PCRE2_JIT_COMPLETE); // only speed; where the system forbids it, the interpreter runs
        if (context) {
            pcre2_set_match_limit(context, kMaxSteps);
            pcre2_set_depth_limit(context, kMaxSteps);
            pcre2_set_heap_limit(context, kMaxHeapKiB);
        }
    }
    ~Compiled()
    {
        pcre2_match_context_free(context);
        pcre2_code_free(code);
    }
    Compiled(const Compiled&) = delete;
    Compiled& operator=(const Compiled&) = delete;

    pcre2_code* code;
    pcre2_match_context* context;
    bool jit = false;
};

Result<Pattern> Pattern::compile(std::string_view text)
{
    if (text.size() > kMaxPatternBytes)
        return fail(ErrorCode::Usage, "the pattern is {} bytes long, more than the {} that are allowed",
            text.size(), kMaxPatternBytes);
    Pattern pattern;
    pattern.m_text = text;
    if (auto literal = plainText(text)) {
        pattern.m_literal = std::move(*literal);
        pattern.m_isLiteral = true;
        return pattern;
    }
    // \C would match half a character. Names are UTF-8; one that is not must not be undefined behaviour.
    constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C
        | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_DOLLAR_ENDONLY;
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* code = pcre2_compile(units(text), text.size(), kOptions, &error, &offset, nullptr);
    if (!code) {
        std::array<PCRE2_UCHAR, 256> message{};
        pcre2_get_error_message(error, message.data(), message.size());
        return tl::unexpected(Error{ErrorCode::Usage,
            sentence("\"{}\" is not a regular expression: {} at position {}", text,
                reinterpret_cast<const char*>(message.data()), offset),
            {}, "put a backslash before . ( [ { * + ? to find the character itself"});
    }
    pattern.m_compiled = std::make_shared<const Compiled>(code);
    if (!pattern.m_compiled->context)
        return fail(ErrorCode::System, "out of memory while a pattern was compiled");
    return pattern;
}

Result<bool> Pattern::search(std::string_view name) const
{
    if (m_isLiteral)
        return name.find(m_literal) != std::string_view::npos;
    return run(name, false);
}

Result<bool> Pattern::matchesAll(std::string_view name) const
{
    if (m_isLiteral)
        return name == m_literal;
    return run(name, true);
}

Result<bool> Pattern::run(std::string_view name, bool whole) const
{
    const std::uint32_t options = whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0;
    // Matching writes into it, so every thread has its own.
    thread_local const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
        pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
    if (!data)
        return fail(ErrorCode::System, "out of memory while a pattern was matched");
    const Compiled& compiled = *m_compiled;
    const int found = compiled.jit && !whole // compiled code knows no anchors that come at match time
        ? pcre2_jit_match(compiled.code, units(name), name.size(), 0, 0, data.get(), compiled.context)
        : pcre2_match(compiled.code, units(name), name.size(), 0, options, data.get(), compiled.context);
    if (found >= 0)
        return true;
    if (found == PCRE2_ERROR_NOMATCH)
        return false;
    return tl::unexpected(Error{ErrorCode::Usage,
        sentence("the pattern \"{}\" takes too many steps on the name \"{}\"", m_text, name), {},
        "write it without nested repetitions"});
}

std::string escapePattern(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (kSpecial.find(c) != std::string_view::npos)
            out += '\\';
        out += c;
    }
    return out;
}

} // namespace mantissa
