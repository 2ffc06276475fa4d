// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/prompt.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace mantissa {

namespace {

constexpr char kEscapedOpen = '\2', kEscapedClose = '\1'; ///< stand for \( and \) while a prompt is split
constexpr double kParentheses = 1.1;
constexpr std::size_t kLargeWord = 8; ///< tokens from which a word may be cut
constexpr int kDeepest = 64; ///< nesting beyond it is read as text

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// Text cut at parentheses of the outermost level; groups keep theirs.
std::vector<std::string> splitGroups(std::string_view text)
{
    std::vector<std::string> parts;
    std::string current;
    int depth = 0;
    const auto flush = [&] {
        if (!current.empty())
            parts.push_back(std::move(current));
        current.clear();
    };
    for (const char c : text) {
        if (c == '(') {
            if (depth == 0)
                flush();
            ++depth;
            current += c;
        } else if (c == ')') {
            --depth;
            current += c;
            if (depth == 0)
                flush();
        } else {
            current += c;
        }
    }
    flush();
    return parts;
}

std::optional<double> numberOf(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

void collect(std::string_view text, double weight, int depth, std::vector<WeightedText>& out)
{
    for (const std::string& part : splitGroups(text)) {
        const bool group = part.size() >= 2 && part.front() == '(' && part.back() == ')' && depth < kDeepest;
        if (!group) {
            out.push_back({part, weight});
            continue;
        }
        std::string_view inner = std::string_view(part).substr(1, part.size() - 2);
        double innerWeight = weight * kParentheses;
        const std::size_t colon = inner.rfind(':');
        if (colon != std::string_view::npos && colon > 0) {
            if (const auto number = numberOf(inner.substr(colon + 1))) {
                innerWeight = *number;
                inner = inner.substr(0, colon);
            }
        }
        collect(inner, innerWeight, depth + 1, out);
    }
}

/// Fills chunks with words.
class Chunker {
public:
    explicit Chunker(std::int64_t padding)
        : m_padding(padding)
    {
        start();
    }

    void add(std::vector<std::int64_t> word, float weight)
    {
        const bool large = word.size() >= kLargeWord;
        while (!word.empty()) {
            const std::size_t room = ClipTokenizer::kLength - 1 - m_chunks.back().ids.size(); // the end mark needs one
            if (word.size() <= room) {
                put(word.begin(), word.end(), weight);
                return;
            }
            if (large) {
                const auto cut = word.begin() + static_cast<std::ptrdiff_t>(room);
                put(word.begin(), cut, weight);
                word.erase(word.begin(), cut);
            }
            finish();
            start();
        }
    }

    std::vector<TokenChunk> take()
    {
        finish();
        return std::move(m_chunks);
    }

private:
    using Iterator = std::vector<std::int64_t>::iterator;
    void put(Iterator begin, Iterator end, float weight)
    {
        TokenChunk& chunk = m_chunks.back();
        chunk.ids.insert(chunk.ids.end(), begin, end);
        chunk.weights.resize(chunk.ids.size(), weight);
    }
    void start()
    {
        m_chunks.push_back({{ClipTokenizer::kBegin}, {1.0f}});
    }
    void finish()
    {
        TokenChunk& chunk = m_chunks.back();
        chunk.ids.push_back(ClipTokenizer::kEnd);
        chunk.ids.resize(ClipTokenizer::kLength, m_padding);
        chunk.weights.resize(ClipTokenizer::kLength, 1.0f);
    }
    std::int64_t m_padding;
    std::vector<TokenChunk> m_chunks;
};

} // namespace

std::vector<WeightedText> parseWeights(std::string_view prompt)
{
    std::string text = replaced(std::string(prompt), "\\)", std::string(1, kEscapedClose));
    text = replaced(std::move(text), "\\(", std::string(1, kEscapedOpen));
    std::vector<WeightedText> parts;
    collect(text, 1.0, 0, parts);
    for (WeightedText& part : parts) {
        std::replace(part.text.begin(), part.text.end(), kEscapedClose, ')');
        std::replace(part.text.begin(), part.text.end(), kEscapedOpen, '(');
    }
    return parts;
}

std::vector<TokenChunk> chunkPrompt(const ClipTokenizer& tokenizer, std::string_view prompt, std::int64_t padding)
{
    Chunker chunker(padding);
    for (const WeightedText& part : parseWeights(prompt)) {
        for (std::vector<std::int64_t>& word : tokenizer.encodeWords(part.text))
            chunker.add(std::move(word), static_cast<float>(part.weight));
    }
    return chunker.take();
}

} // namespace mantissa
