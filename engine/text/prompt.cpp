// SPDX-License-Identifier: GPL-3.0-or-later
// The rules are those of ComfyUI's comfy/sd1_clip.py: parse_parentheses, token_weights, escape_important.
#include "engine/text/prompt.h"

#include <charconv>
#include <cmath>
#include <optional>

namespace mantissa {

namespace {

constexpr double kEmphasis = 1.1;
/// Python stops such a prompt by its own limit of recursion.
constexpr int kMaximumDepth = 200;
/// What stands for "\)" and "\(" while parentheses are looked for: no prompt has control characters.
constexpr char kEscape = '\0', kClosing = '\1', kOpening = '\2';

std::string escaped(std::string_view prompt)
{
    std::string text;
    for (std::size_t i = 0; i < prompt.size(); ++i) {
        const char next = i + 1 < prompt.size() ? prompt[i + 1] : ' ';
        if (prompt[i] == '\\' && (next == ')' || next == '(')) {
            text += {kEscape, next == ')' ? kClosing : kOpening};
            ++i;
        } else {
            text += prompt[i];
        }
    }
    return text;
}

std::string unescaped(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : ' ';
        if (text[i] == kEscape && (next == kClosing || next == kOpening)) {
            plain += next == kClosing ? ')' : '(';
            ++i;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

/// Texts outside of parentheses, and whole outer pairs with their parentheses.
std::vector<std::string_view> splitAtParentheses(std::string_view text)
{
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    int nesting = 0;
    const auto cut = [&](std::size_t end) {
        if (end > begin)
            parts.push_back(text.substr(begin, end - begin));
        begin = end;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '(') {
            if (nesting == 0)
                cut(i);
            ++nesting;
        } else if (text[i] == ')') {
            --nesting;
            if (nesting == 0)
                cut(i + 1);
        }
    }
    cut(text.size());
    return parts;
}

/// Python's float(): blanks around it are allowed. Infinities are not: they would poison the whole picture.
std::optional<double> numberOf(std::string_view text)
{
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

Status collect(std::string_view text, double weight, int depth, std::vector<WeightedText>& out)
{
    if (depth > kMaximumDepth)
        return tl::unexpected(Error{ErrorCode::Usage,
            sentence("the prompt's parentheses nest more than {} deep", kMaximumDepth), {},
            "write \\( and \\) for plain parentheses"});
    for (std::string_view part : splitAtParentheses(text)) {
        if (part.size() < 2 || part.front() != '(' || part.back() != ')') {
            out.push_back({unescaped(part), weight});
            continue;
        }
        part = part.substr(1, part.size() - 2);
        double inner = weight * kEmphasis;
        if (const std::size_t colon = part.rfind(':'); colon != std::string_view::npos && colon > 0)
            if (const auto number = numberOf(part.substr(colon + 1))) {
                inner = *number;
                part = part.substr(0, colon);
            }
        if (Status status = collect(part, inner, depth + 1, out); !status)
            return status;
    }
    return {};
}

} // namespace

Result<std::vector<WeightedText>> parsePrompt(std::string_view prompt)
{
    std::vector<WeightedText> parts;
    if (Status status = collect(escaped(prompt), 1.0, 0, parts); !status)
        return forward(std::move(status));
    return parts;
}

} // namespace mantissa
