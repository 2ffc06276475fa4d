// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/text_towers.h"

#include "engine/torch/failure.h"

#include <algorithm>

namespace mantissa {

namespace {

at::Tensor hiddenOf(TextEncoder& encoder, const EncodedText& text, Hidden which)
{
    switch (which) {
    case Hidden::Last:
        return text.last;
    case Hidden::Penultimate:
        return text.penultimate;
    case Hidden::PenultimateNormed:
        return encoder.finalNorm(text.penultimate);
    }
    raise(ErrorCode::Internal, "no such hidden state");
}

at::Tensor idsOf(const std::vector<TokenChunk>& chunks)
{
    const auto length = static_cast<std::int64_t>(chunks.front().ids.size());
    const at::Tensor ids = at::empty({static_cast<std::int64_t>(chunks.size()), length}, at::kLong);
    for (std::size_t i = 0; i < chunks.size(); ++i)
        std::copy(chunks[i].ids.begin(), chunks[i].ids.end(),
            ids[static_cast<std::int64_t>(i)].data_ptr<std::int64_t>());
    return ids;
}

bool weighted(const std::vector<TokenChunk>& chunks)
{
    return std::any_of(chunks.begin(), chunks.end(), [](const TokenChunk& chunk) {
        return std::any_of(
            chunk.weights.begin(), chunk.weights.end(), [](float weight) { return weight != 1.0f; });
    });
}

/// Weights move a token's state away from that of the empty prompt, as ComfyUI does it.
at::Tensor applyWeights(
    const at::Tensor& hidden, const std::vector<TokenChunk>& chunks, const at::Tensor& empty)
{
    const at::Tensor weights = at::empty({hidden.size(0), hidden.size(1), 1}, at::kFloat);
    for (std::size_t i = 0; i < chunks.size(); ++i)
        std::copy(chunks[i].weights.begin(), chunks[i].weights.end(),
            weights[static_cast<std::int64_t>(i)].data_ptr<float>());
    const at::Tensor scale = weights.to(hidden.device());
    return (hidden - empty) * scale + empty;
}

/// The states of a prompt with its words weighed. `states` runs the encoder on rows of ids; `empty` is the
/// row of the empty prompt.
template <typename States>
at::Tensor weighedStates(
    std::vector<TokenChunk> chunks, TokenChunk empty, TokenId padding, const States& states)
{
    if (!weighted(chunks))
        return states(chunks);
    const auto count = static_cast<std::int64_t>(chunks.size());
    const std::size_t length = chunks.front().ids.size();
    empty.ids.resize(length, padding);
    chunks.push_back(std::move(empty));
    const at::Tensor all = states(chunks);
    chunks.pop_back();
    return applyWeights(all.slice(0, 0, count), chunks, all.slice(0, count));
}

} // namespace

ClipTower::ClipTower(Network& network, std::shared_ptr<const ClipTokenizer> tokenizer, bool openClip)
    : m_encoder(*network.textEncoder)
    , m_tokenizer(std::move(tokenizer))
    , m_rules(clipChunks(m_tokenizer->beginId(), m_tokenizer->endId(), openClip ? 0 : m_tokenizer->endId()))
    , m_device(network.context->weights.options().device)
{ }

ClipContext ClipTower::encode(const std::string& prompt, Hidden which) const
{
    ClipContext context;
    const at::Tensor hidden = weighedStates(valueOf(tokenizePrompt(*m_tokenizer, prompt, m_rules)),
        valueOf(tokenizePrompt(*m_tokenizer, "", m_rules)).front(), m_rules.padding,
        [&](const std::vector<TokenChunk>& chunks) {
            const EncodedText text = m_encoder.encode(idsOf(chunks).to(m_device));
            context.pooled = text.pooled.slice(0, 0, 1).to(at::kFloat);
            if (text.projected.defined())
                context.projected = text.projected.slice(0, 0, 1).to(at::kFloat);
            return hiddenOf(m_encoder, text, which).to(at::kFloat);
        });
    context.hidden = hidden.reshape({1, -1, hidden.size(-1)});
    return context;
}

T5Tower::T5Tower(Network& network, std::shared_ptr<const SentencePieceTokenizer> tokenizer, T5Padding padding)
    : m_encoder(*network.textEncoder)
    , m_tokenizer(std::move(tokenizer))
    , m_rules(t5Chunks(padding.minimumLength))
    , m_emptyEnds(padding.emptyEnds)
    , m_device(network.context->weights.options().device)
{ }

at::Tensor T5Tower::encode(const std::string& prompt) const
{
    TokenChunk empty = valueOf(tokenizePrompt(*m_tokenizer, "", m_rules)).front();
    if (!m_emptyEnds)
        std::fill(empty.ids.begin(), empty.ids.end(), m_rules.padding);
    return weighedStates(valueOf(tokenizePrompt(*m_tokenizer, prompt, m_rules)), empty, m_rules.padding,
        [&](const std::vector<TokenChunk>& chunks) {
            return m_encoder.encode(idsOf(chunks).to(m_device)).last.to(at::kFloat);
        });
}

} // namespace mantissa
