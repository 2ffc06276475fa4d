// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/clip_tokenizer.h"

#include "engine/base/resource.h"
#include "engine/text/unicode.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>
#include <zlib.h>

namespace mantissa {

namespace {

constexpr const char* kShipped = "clip/bpe_simple_vocab_16e6.txt.gz";
/// Merges that CLIP uses: 49152 ids less 256 bytes, twice, and the two marks. The file has more.
constexpr std::size_t kMerges = 49152 - 256 - 2;
constexpr std::size_t kLargestFile = std::size_t{16} << 20; ///< bytes, unpacked; the real one has 3.2 MB
constexpr std::string_view kWordEnd = "</w>";

/// GPT-2's table: printable bytes stand for themselves, the others for U+0100 and on. In the order of the vocabulary.
struct ByteSymbols {
    std::array<std::string, 256> symbolOf;
    std::vector<std::string> inOrder;
};

ByteSymbols byteSymbols()
{
    ByteSymbols table;
    const auto add = [&](int byte, char32_t symbol) {
        table.symbolOf[static_cast<std::size_t>(byte)] = toUtf8(symbol);
        table.inOrder.push_back(table.symbolOf[static_cast<std::size_t>(byte)]);
    };
    const auto printable = [](int byte) {
        return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
    };
    for (int byte = 0; byte < 256; ++byte) {
        if (printable(byte))
            add(byte, static_cast<char32_t>(byte));
    }
    char32_t next = 256;
    for (int byte = 0; byte < 256; ++byte) {
        if (!printable(byte))
            add(byte, next++);
    }
    return table;
}

Result<std::string> readUnpacked(const std::filesystem::path& path)
{
    // gzread also reads files that are not compressed.
    const gzFile file = ::gzopen(path.c_str(), "rb");
    if (!file)
        return tl::unexpected(Error{ErrorCode::System, "the vocabulary cannot be opened", path.string(), {}});
    std::string text(kLargestFile + 1, '\0');
    const int size = ::gzread(file, text.data(), static_cast<unsigned>(text.size()));
    ::gzclose(file);
    if (size < 0 || static_cast<std::size_t>(size) > kLargestFile)
        return tl::unexpected(Error{ErrorCode::InvalidInput, "the vocabulary is damaged or too large", path.string(), {}});
    text.resize(static_cast<std::size_t>(size));
    return text;
}

} // namespace

struct ClipTokenizer::Data {
    ByteSymbols bytes = byteSymbols();
    std::unordered_map<std::string, std::int64_t> ids;
    std::unordered_map<std::string, std::size_t> ranks; ///< "left right" → order of the merge

    /// Ids of one word: its bytes as symbols, merged by rank until nothing merges.
    std::vector<std::int64_t> encodeWord(std::string_view word) const;
};

std::vector<std::int64_t> ClipTokenizer::Data::encodeWord(std::string_view word) const
{
    std::vector<std::string> parts;
    for (const char c : word)
        parts.push_back(bytes.symbolOf[static_cast<unsigned char>(c)]);
    parts.back() += kWordEnd;
    while (parts.size() > 1) {
        std::size_t best = std::numeric_limits<std::size_t>::max();
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            if (const auto it = ranks.find(parts[i] + " " + parts[i + 1]); it != ranks.end())
                best = std::min(best, it->second);
        }
        if (best == std::numeric_limits<std::size_t>::max())
            break;
        // Every place of the best pair at once, from the left.
        std::vector<std::string> merged;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const bool pair = i + 1 < parts.size();
            const auto it = pair ? ranks.find(parts[i] + " " + parts[i + 1]) : ranks.end();
            if (it != ranks.end() && it->second == best) {
                merged.push_back(parts[i] + parts[i + 1]);
                ++i;
            } else {
                merged.push_back(std::move(parts[i]));
            }
        }
        parts = std::move(merged);
    }
    std::vector<std::int64_t> result;
    for (const std::string& part : parts) {
        const auto it = ids.find(part);
        result.push_back(it == ids.end() ? kEnd : it->second); // CLIP's unknown token is the end of text
    }
    return result;
}

ClipTokenizer::ClipTokenizer(std::unique_ptr<Data> data)
    : m_data(std::move(data))
{
}

ClipTokenizer::~ClipTokenizer() = default;

Result<std::shared_ptr<const ClipTokenizer>> ClipTokenizer::open(const std::filesystem::path& merges)
{
    auto text = readUnpacked(merges);
    if (!text)
        return forward(std::move(text));
    auto data = std::make_unique<Data>();
    std::int64_t next = 0;
    for (const std::string& symbol : data->bytes.inOrder)
        data->ids.emplace(symbol, next++);
    for (const std::string& symbol : data->bytes.inOrder)
        data->ids.emplace(symbol + std::string(kWordEnd), next++);
    std::size_t begin = text->find('\n');
    while (begin != std::string::npos && data->ranks.size() < kMerges) {
        const std::size_t end = std::min(text->find('\n', ++begin), text->size());
        std::string line = text->substr(begin, end - begin);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.pop_back();
        const std::size_t space = line.find(' ');
        if (space == std::string::npos || line.find(' ', space + 1) != std::string::npos)
            break;
        data->ids.emplace(line.substr(0, space) + line.substr(space + 1), next++);
        data->ranks.emplace(std::move(line), data->ranks.size());
        begin = end == text->size() ? std::string::npos : end;
    }
    if (data->ranks.size() != kMerges)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            fmt::format("the vocabulary has {} merges instead of {}", data->ranks.size(), kMerges), merges.string(), {}});
    data->ids.emplace("<|startoftext|>", kBegin);
    data->ids.emplace("<|endoftext|>", kEnd);
    return std::shared_ptr<const ClipTokenizer>(new ClipTokenizer(std::move(data)));
}

Result<std::shared_ptr<const ClipTokenizer>> ClipTokenizer::shipped()
{
    static const Result<std::shared_ptr<const ClipTokenizer>> loaded = []() -> Result<std::shared_ptr<const ClipTokenizer>> {
        const auto path = resourcePath(kShipped);
        if (!path)
            return tl::unexpected(Error{ErrorCode::Unsupported, "CLIP's vocabulary is missing in this installation",
                kShipped, "`packaging/run` fetches it"});
        return open(*path);
    }();
    return loaded;
}

std::vector<std::vector<std::int64_t>> ClipTokenizer::encodeWords(std::string_view text) const
{
    std::vector<std::vector<std::int64_t>> words;
    for (const std::string& word : splitClipWords(text)) {
        if (word == "<|startoftext|>" || word == "<|endoftext|>")
            words.push_back({m_data->ids.at(word)});
        else
            words.push_back(m_data->encodeWord(word));
    }
    return words;
}

std::vector<std::int64_t> ClipTokenizer::encode(std::string_view text) const
{
    std::vector<std::int64_t> ids;
    for (const auto& word : encodeWords(text))
        ids.insert(ids.end(), word.begin(), word.end());
    return ids;
}

} // namespace mantissa
