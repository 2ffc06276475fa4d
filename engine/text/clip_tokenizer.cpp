// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/clip_tokenizer.h"

#include "engine/text/unicode_text.h"

#include <array>
#include <queue>
#include <string>

namespace mantissa {

namespace {

using Text = std::vector<char32_t>;

constexpr std::u32string_view kBegin = U"<|startoftext|>", kEnd = U"<|endoftext|>";
/// In the order of CLIP's pattern.
constexpr std::array<std::u32string_view, 7> kContractions
    = {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};

bool startsWith(const Text& text, std::size_t at, std::u32string_view word)
{
    return text.size() - at >= word.size()
        && std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at));
}

bool isOther(char32_t c)
{
    return !isSpace(c) && !isLetter(c) && !isNumber(c);
}

/// End of the piece that begins at `at`, which is no space. transformers takes the special tokens out before
/// it looks for pieces: a run of signs ends where one begins.
std::size_t pieceEnd(const Text& text, std::size_t at)
{
    for (const auto word : kContractions)
        if (startsWith(text, at, word))
            return at + word.size();
    if (isNumber(text[at]))
        return at + 1;
    std::size_t end = at + 1;
    if (isLetter(text[at])) {
        while (end < text.size() && isLetter(text[end]))
            ++end;
        return end;
    }
    while (end < text.size() && isOther(text[end]) && !startsWith(text, end, kBegin)
        && !startsWith(text, end, kEnd))
        ++end;
    return end;
}

Result<Text> prepared(std::string_view text)
{
    if (text.size() > kMaximumPromptBytes)
        return fail(
            ErrorCode::Usage, "the text is {} bytes long; {} is the most", text.size(), kMaximumPromptBytes);
    Result<Text> codepoints = decodeUtf8(text);
    if (!codepoints)
        return codepoints;
    codepoints = composed(*codepoints);
    if (!codepoints)
        return codepoints;
    Text lowered;
    lowered.reserve(codepoints->size());
    for (const char32_t c : *codepoints)
        appendLowered(lowered, c);
    return lowered;
}

/// A pair of neighbours that can be merged. Its symbols may have changed meanwhile: `left` and `right` tell.
struct Candidate {
    std::int32_t rank;
    std::size_t position;
    TokenId left, right;

    bool operator<(const Candidate& other) const // the queue gives the largest first
    {
        return rank != other.rank ? rank > other.rank : position > other.position;
    }
};

} // namespace

Result<std::shared_ptr<const ClipTokenizer>> ClipTokenizer::shipped()
{
    static const auto tokenizer = []() -> Result<std::shared_ptr<const ClipTokenizer>> {
        Result<ClipVocabulary> vocabulary = shippedClipVocabulary();
        if (!vocabulary)
            return forward(std::move(vocabulary));
        return std::make_shared<const ClipTokenizer>(std::move(*vocabulary));
    }();
    return tokenizer;
}

Result<std::shared_ptr<const ClipTokenizer>> ClipTokenizer::fromFolder(const std::filesystem::path& folder)
{
    Result<ClipVocabulary> vocabulary = readClipVocabulary(folder);
    if (!vocabulary)
        return forward(std::move(vocabulary));
    return std::make_shared<const ClipTokenizer>(std::move(*vocabulary));
}

Result<std::vector<TokenId>> ClipTokenizer::encode(std::string_view text) const
{
    const Result<Text> lowered = prepared(text);
    if (!lowered)
        return tl::unexpected(lowered.error());
    std::vector<TokenId> ids;
    std::string piece;
    for (std::size_t at = 0; at < lowered->size();) {
        if (isSpace((*lowered)[at])) {
            ++at;
        } else if (startsWith(*lowered, at, kBegin)) {
            ids.push_back(m_vocabulary.begin);
            at += kBegin.size();
        } else if (startsWith(*lowered, at, kEnd)) {
            ids.push_back(m_vocabulary.end);
            at += kEnd.size();
        } else {
            const std::size_t end = pieceEnd(*lowered, at);
            piece.clear();
            for (; at < end; ++at)
                appendUtf8(piece, (*lowered)[at]);
            appendPiece(piece, ids);
        }
    }
    return ids;
}

/// Merges the pair of the lowest rank, leftmost first, until no pair is left: n·log n in the length of the
/// piece.
void ClipTokenizer::appendPiece(std::string_view piece, std::vector<TokenId>& ids) const
{
    constexpr TokenId kGone = -1;
    const std::size_t count = piece.size();
    std::vector<TokenId> symbols(count);
    std::vector<std::size_t> previous(count), next(count); // neighbours that are left; `count` means none
    for (std::size_t i = 0; i < count; ++i) {
        const auto byte = static_cast<std::uint8_t>(piece[i]);
        symbols[i] = i + 1 == count ? m_vocabulary.lastBytes[byte] : m_vocabulary.bytes[byte];
        previous[i] = i == 0 ? count : i - 1;
        next[i] = i + 1;
    }
    std::priority_queue<Candidate> queue;
    const auto consider = [&](std::size_t position) {
        if (position == count || next[position] == count)
            return;
        const TokenId left = symbols[position], right = symbols[next[position]];
        if (const auto it = m_vocabulary.merges.find(ClipVocabulary::key(left, right));
            it != m_vocabulary.merges.end())
            queue.push({it->second.rank, position, left, right});
    };
    for (std::size_t i = 0; i < count; ++i)
        consider(i);
    while (!queue.empty()) {
        const Candidate best = queue.top();
        queue.pop();
        const std::size_t right = symbols[best.position] == best.left ? next[best.position] : count;
        if (right == count || symbols[right] != best.right)
            continue;
        symbols[best.position] = m_vocabulary.merges.at(ClipVocabulary::key(best.left, best.right)).id;
        symbols[right] = kGone;
        next[best.position] = next[right];
        if (next[right] != count)
            previous[next[right]] = best.position;
        consider(previous[best.position]);
        consider(best.position);
    }
    for (const TokenId symbol : symbols)
        if (symbol != kGone)
            ids.push_back(symbol);
}

} // namespace mantissa
