// SPDX-License-Identifier: GPL-3.0-or-later
// The rules are those of ComfyUI's SDTokenizer.tokenize_with_weights (comfy/sd1_clip.py).
#include "engine/text/token_chunks.h"

#include "engine/text/prompt.h"

#include <limits>
#include <span>

namespace mantissa {

namespace {

/// max_word_length there.
constexpr std::size_t kCutFrom = 8;

class ChunkWriter {
public:
    explicit ChunkWriter(const ChunkRules& rules)
        : m_rules(rules)
    {
        open();
    }

    void add(std::span<const TokenId> group, float weight)
    {
        const bool mayCut = group.size() >= kCutFrom;
        while (!group.empty()) {
            const std::size_t room = m_rules.length - m_chunks.back().ids.size() - (m_rules.end ? 1 : 0);
            if (group.size() > room) {
                if (mayCut) {
                    append(group.first(room), weight);
                    group = group.subspan(room);
                }
                close();
                open();
            } else {
                append(group, weight);
                group = {};
            }
        }
    }

    std::vector<TokenChunk> finish()
    {
        close();
        return std::move(m_chunks);
    }

private:
    void append(std::span<const TokenId> ids, float weight)
    {
        TokenChunk& chunk = m_chunks.back();
        chunk.ids.insert(chunk.ids.end(), ids.begin(), ids.end());
        chunk.weights.insert(chunk.weights.end(), ids.size(), weight);
    }
    void open()
    {
        m_chunks.emplace_back();
        if (m_rules.begin)
            append({&*m_rules.begin, 1}, 1);
    }
    void close()
    {
        if (m_rules.end)
            append({&*m_rules.end, 1}, 1);
        TokenChunk& chunk = m_chunks.back();
        chunk.tokens = chunk.ids.size();
        const std::size_t wanted = m_rules.padToLength ? m_rules.length : m_rules.minimumLength;
        if (chunk.ids.size() < wanted) {
            chunk.ids.resize(wanted, m_rules.padding);
            chunk.weights.resize(wanted, 1);
        }
    }

    const ChunkRules& m_rules;
    std::vector<TokenChunk> m_chunks;
};

} // namespace

ChunkRules clipChunks(TokenId begin, TokenId end, TokenId padding)
{
    ChunkRules rules;
    rules.begin = begin;
    rules.end = end;
    rules.padding = padding;
    return rules;
}

ChunkRules t5Chunks(std::size_t minimumLength)
{
    ChunkRules rules;
    rules.end = 1;
    rules.length = std::numeric_limits<std::size_t>::max();
    rules.padToLength = false;
    rules.minimumLength = minimumLength;
    return rules;
}

Result<std::vector<TokenChunk>> tokenizePrompt(
    const Tokenizer& tokenizer, std::string_view prompt, const ChunkRules& rules)
{
    if (rules.length < kCutFrom + 2)
        return fail(ErrorCode::Internal, "chunks of {} tokens cannot hold a word", rules.length);
    if (prompt.size() > kMaximumPromptBytes)
        return fail(ErrorCode::Usage, "the prompt is {} bytes long; {} is the most", prompt.size(),
            kMaximumPromptBytes);
    std::vector<WeightedText> parts{{std::string(prompt), 1.0}};
    if (rules.weights) {
        Result<std::vector<WeightedText>> parsed = parsePrompt(prompt);
        if (!parsed)
            return forward(std::move(parsed));
        parts = std::move(*parsed);
    }
    ChunkWriter writer(rules);
    for (const WeightedText& part : parts) {
        const Result<std::vector<TokenId>> ids = tokenizer.encode(part.text);
        if (!ids)
            return tl::unexpected(ids.error());
        writer.add(*ids, static_cast<float>(part.weight));
    }
    return writer.finish();
}

} // namespace mantissa
