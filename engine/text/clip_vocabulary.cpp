// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/clip_vocabulary.h"

#include "engine/io/random_access_file.h"
#include "engine/text/shipped_vocabulary.h"
#include "engine/text/unicode_text.h"
#include "engine/base/json.h"

#include <algorithm>
#include <string>

namespace mantissa {

namespace {

/// OpenAI's simple_tokenizer.py: 49152 ids before begin and end, 512 of them single bytes.
constexpr std::size_t kMerges = 49152 - 256 - 2;
constexpr TokenId kFirstMerge = 512;
constexpr std::string_view kWordEnd = "</w>", kBegin = "<|startoftext|>", kEnd = "<|endoftext|>";
/// SD's merges.txt has 0.5 MB, its vocab.json 1 MB.
constexpr std::uint64_t kMaximumFileBytes = std::uint64_t{32} << 20;

/// GPT-2's bytes_to_unicode: printable bytes stand for themselves, the others for U+0100 and on. In the order
/// of ids.
struct ByteSymbol {
    std::uint8_t byte;
    char32_t codepoint;
};

std::array<ByteSymbol, 256> byteSymbols()
{
    const auto printable
        = [](int b) { return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE; };
    std::array<ByteSymbol, 256> symbols{};
    std::size_t count = 0;
    for (int b = 0; b < 256; ++b)
        if (printable(b))
            symbols[count++] = {static_cast<std::uint8_t>(b), static_cast<char32_t>(b)};
    char32_t next = 256;
    for (int b = 0; b < 256; ++b)
        if (!printable(b))
            symbols[count++] = {static_cast<std::uint8_t>(b), next++};
    return symbols;
}

std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

/// Ids by their spelling, for as long as merges are read.
using Spellings = std::unordered_map<std::string, TokenId>;

Result<TokenId> idOf(const Spellings& spellings, const std::string& spelling)
{
    const auto it = spellings.find(spelling);
    if (it == spellings.end())
        return fail(ErrorCode::InvalidInput, "the tokenizer's vocabulary lacks \"{}\"", spelling);
    return it->second;
}

/// "left right": `idOfMerged` says what id the two become.
template <typename IdOfMerged>
Status addMerge(ClipVocabulary& vocabulary, const Spellings& spellings, std::string_view line,
    std::int32_t rank, const IdOfMerged& idOfMerged)
{
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
        return fail(ErrorCode::InvalidInput, "merge {} of the tokenizer is not a pair", rank + 1);
    const std::string left(line.substr(0, space)), right(line.substr(space + 1));
    const Result<TokenId> leftId = idOf(spellings, left), rightId = idOf(spellings, right);
    if (!leftId || !rightId)
        return tl::unexpected(leftId ? rightId.error() : leftId.error());
    const Result<TokenId> merged = idOfMerged(left + right);
    if (!merged)
        return tl::unexpected(merged.error());
    vocabulary.merges.try_emplace(
        ClipVocabulary::key(*leftId, *rightId), ClipVocabulary::Merge{rank, *merged});
    return {};
}

Result<std::string> readWhole(const std::filesystem::path& path)
{
    const auto file = RandomAccessFile::open(path);
    if (!file)
        return tl::unexpected(file.error());
    if ((*file)->size() > kMaximumFileBytes)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            "the file is too large for a tokenizer's vocabulary", path.string(), {}});
    return (*file)->readText(0, static_cast<std::size_t>((*file)->size()));
}

Result<Spellings> parseSpellings(const std::string& json)
{
    const auto parsed = parseJson(json);
    if (!parsed.is_object())
        return fail(ErrorCode::InvalidInput, "the vocabulary is not a JSON object");
    Spellings spellings;
    for (const auto& [spelling, id] : parsed.items()) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= kMaximumFileBytes)
            return fail(ErrorCode::InvalidInput, "the id of \"{}\" is not a small number", spelling);
        spellings.emplace(spelling, id.get<TokenId>());
    }
    return spellings;
}

Result<ClipVocabulary> fromSpellings(const Spellings& spellings, std::string_view merges)
{
    ClipVocabulary vocabulary;
    for (const ByteSymbol& symbol : byteSymbols()) {
        std::string spelling;
        appendUtf8(spelling, symbol.codepoint);
        const Result<TokenId> inside = idOf(spellings, spelling);
        const Result<TokenId> last = idOf(spellings, spelling + std::string(kWordEnd));
        if (!inside || !last)
            return tl::unexpected(inside ? last.error() : inside.error());
        vocabulary.bytes[symbol.byte] = *inside;
        vocabulary.lastBytes[symbol.byte] = *last;
    }
    const Result<TokenId> begin = idOf(spellings, std::string(kBegin)),
                          end = idOf(spellings, std::string(kEnd));
    if (!begin || !end)
        return tl::unexpected(begin ? end.error() : begin.error());
    vocabulary.begin = *begin;
    vocabulary.end = *end;
    for (const auto& [spelling, id] : spellings)
        vocabulary.size = std::max(vocabulary.size, static_cast<std::size_t>(id) + 1);
    std::int32_t rank = 0;
    while (!merges.empty()) {
        const std::string_view line = takeLine(merges);
        if (line.empty() || (rank == 0 && line.starts_with("#version")))
            continue;
        Status added = addMerge(vocabulary, spellings, line, rank++,
            [&](const std::string& merged) { return idOf(spellings, merged); });
        if (!added)
            return forward(std::move(added));
    }
    return vocabulary;
}

} // namespace

Result<ClipVocabulary> parseClipVocabulary(std::string_view text)
{
    ClipVocabulary vocabulary;
    Spellings spellings;
    TokenId next = 0;
    for (const ByteSymbol& symbol : byteSymbols()) {
        std::string spelling;
        appendUtf8(spelling, symbol.codepoint);
        vocabulary.bytes[symbol.byte] = next;
        vocabulary.lastBytes[symbol.byte] = next + 256;
        spellings.emplace(spelling, next);
        spellings.emplace(spelling + std::string(kWordEnd), next + 256);
        ++next;
    }
    if (takeLine(text).find("#version") == std::string_view::npos)
        return fail(
            ErrorCode::InvalidInput, "this is not CLIP's list of merges: its first line names no version");
    vocabulary.merges.reserve(kMerges);
    for (std::size_t rank = 0; rank < kMerges; ++rank) {
        const TokenId id = kFirstMerge + static_cast<TokenId>(rank);
        Status added = addMerge(vocabulary, spellings, takeLine(text), static_cast<std::int32_t>(rank),
            [&](const std::string& merged) -> Result<TokenId> {
                spellings.emplace(merged, id);
                return id;
            });
        if (!added)
            return forward(std::move(added));
    }
    vocabulary.begin = kFirstMerge + static_cast<TokenId>(kMerges);
    vocabulary.end = vocabulary.begin + 1;
    vocabulary.size = static_cast<std::size_t>(vocabulary.end) + 1;
    return vocabulary;
}

Result<ClipVocabulary> readClipVocabulary(const std::filesystem::path& folder)
{
    const auto json = readWhole(folder / "vocab.json");
    if (!json)
        return tl::unexpected(json.error());
    const auto merges = readWhole(folder / "merges.txt");
    if (!merges)
        return tl::unexpected(merges.error());
    const auto spellings = parseSpellings(*json);
    if (!spellings)
        return tl::unexpected(Error(spellings.error()).at((folder / "vocab.json").string()));
    auto vocabulary = fromSpellings(*spellings, *merges);
    if (!vocabulary)
        return tl::unexpected(std::move(vocabulary.error()).at(folder.string()));
    return vocabulary;
}

Result<ClipVocabulary> shippedClipVocabulary()
{
    const auto text = shippedClipVocabularyText(kMaximumFileBytes);
    if (!text)
        return tl::unexpected(text.error());
    return parseClipVocabulary(*text);
}

} // namespace mantissa
