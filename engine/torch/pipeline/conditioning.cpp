// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/conditioning.h"

#include "engine/text/clip_tokenizer.h"
#include "engine/text/token_chunks.h"
#include "engine/torch/failure.h"
#include "engine/torch/nn/functions.h"

#include <algorithm>

namespace mantissa {

namespace {

/// What CLIP makes of a prompt: the chunks' hidden states one after the other, and the pooled state of the
/// first.
struct ClipContext {
    at::Tensor hidden; ///< [1, chunks·77, width]
    at::Tensor pooled, projected; ///< [1, width]
};

enum class Hidden { Last, Penultimate, PenultimateNormed };

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

class Clip {
public:
    /// OpenCLIP's towers pad with id 0, OpenAI's with the end of text.
    Clip(Network& network, const ClipTokenizer& tokenizer, bool openClip)
        : m_encoder(*network.textEncoder)
        , m_tokenizer(tokenizer)
        , m_rules(clipChunks(tokenizer.beginId(), tokenizer.endId(), openClip ? 0 : tokenizer.endId()))
        , m_device(network.context->weights.options().device)
    { }

    ClipContext encode(const std::string& prompt, Hidden which) const
    {
        std::vector<TokenChunk> chunks = valueOf(tokenizePrompt(m_tokenizer, prompt, m_rules));
        const std::size_t count = chunks.size();
        const bool hasWeights = weighted(chunks);
        if (hasWeights)
            chunks.push_back(valueOf(tokenizePrompt(m_tokenizer, "", m_rules)).front());
        const EncodedText text = m_encoder.encode(idsOf(chunks).to(m_device));
        at::Tensor hidden = hiddenOf(m_encoder, text, which).to(at::kFloat);
        if (hasWeights) {
            const at::Tensor empty = hidden.slice(0, static_cast<std::int64_t>(count));
            chunks.pop_back();
            hidden = applyWeights(hidden.slice(0, 0, static_cast<std::int64_t>(count)), chunks, empty);
        }
        ClipContext context;
        context.hidden = hidden.reshape({1, -1, hidden.size(-1)});
        context.pooled = text.pooled.slice(0, 0, 1).to(at::kFloat);
        if (text.projected.defined())
            context.projected = text.projected.slice(0, 0, 1).to(at::kFloat);
        return context;
    }

private:
    TextEncoder& m_encoder;
    const ClipTokenizer& m_tokenizer;
    ChunkRules m_rules;
    at::Device m_device;
};

/// SD 1 and 2: one CLIP.
class SingleClip final : public Conditioner {
public:
    SingleClip(ComponentSet& components, std::shared_ptr<const ClipTokenizer> tokenizer, bool openClip)
        : m_tokenizer(std::move(tokenizer))
        , m_clip(openClip ? components.open(components.find({"clip_h"}), "OpenCLIP-H text encoder")
                          : components.open(components.find({"clip_l"}), "CLIP-L text encoder"),
              *m_tokenizer, openClip)
        , m_hidden(openClip ? Hidden::PenultimateNormed : Hidden::Last)
    { }
    Conditioning encode(const std::string& prompt, bool, const GenerationRequest&) override
    {
        return {m_clip.encode(prompt, m_hidden).hidden, {}};
    }

private:
    std::shared_ptr<const ClipTokenizer> m_tokenizer;
    Clip m_clip;
    Hidden m_hidden;
};

/// The numbers of a picture's size (or score), each as 256 sinusoids, side by side: [1, 256·n].
at::Tensor sizeEmbedding(const std::vector<float>& values)
{
    const at::Tensor numbers = at::tensor(values);
    return nn::timestepEmbedding(numbers, 256).flatten().unsqueeze(0);
}

/// SDXL and its refiner.
class Sdxl final : public Conditioner {
public:
    Sdxl(ComponentSet& components, std::shared_ptr<const ClipTokenizer> tokenizer, bool refiner)
        : m_tokenizer(std::move(tokenizer))
        , m_big(components.open(components.find({"clip_g"}), "OpenCLIP-G text encoder"), *m_tokenizer, true)
        , m_refiner(refiner)
    {
        if (!refiner)
            m_small.emplace(
                components.open(components.find({"clip_l"}), "CLIP-L text encoder"), *m_tokenizer, false);
    }

    Conditioning encode(const std::string& prompt, bool negative, const GenerationRequest& request) override
    {
        const auto height = static_cast<float>(request.height), width = static_cast<float>(request.width);
        const ClipContext big = m_big.encode(prompt, Hidden::Penultimate);
        if (!big.projected.defined())
            raise(ErrorCode::InvalidInput, "the OpenCLIP-G text encoder lacks its text_projection");
        if (m_refiner)
            // Height, width, crop, and the aesthetic score that the refiner was trained with.
            return {big.hidden,
                at::cat({big.projected, sizeEmbedding({height, width, 0, 0, negative ? 2.5f : 6.0f})}, -1)};
        const ClipContext small = m_small->encode(prompt, Hidden::Penultimate);
        // Both towers have the same tokenizer and chunk length, so the contexts are equally long.
        return {at::cat({small.hidden, big.hidden}, -1),
            at::cat({big.projected, sizeEmbedding({height, width, 0, 0, height, width})}, -1)};
    }

private:
    std::shared_ptr<const ClipTokenizer> m_tokenizer;
    std::optional<Clip> m_small;
    Clip m_big;
    bool m_refiner;
};

/// Tensors of a file, in place of text encoders.
class GivenEmbeddings final : public Conditioner {
public:
    explicit GivenEmbeddings(const std::filesystem::path& file)
    {
        auto model = std::make_shared<Model>();
        model->source = valueOf(openCheckpoint(file));
        m_store = std::make_unique<WeightStore>(model, "", WeightOptions{});
        if (!m_store->has("context"))
            throw Failure(Error{ErrorCode::InvalidInput, "the file of embeddings has no tensor named context",
                file.string(),
                "it needs context [1, tokens, width]; negative_context, y and negative_y are used where they "
                "are there"});
    }
    Conditioning encode(const std::string&, bool negative, const GenerationRequest&) override
    {
        Conditioning given;
        const std::string context
            = negative && m_store->has("negative_context") ? "negative_context" : "context";
        given.context = batched(m_store->readFloat(m_store->find(context)), 3);
        if (negative && context == "context")
            given.context = at::zeros_like(given.context);
        const std::string y = negative && m_store->has("negative_y") ? "negative_y" : "y";
        if (m_store->has(y))
            given.y = batched(m_store->readFloat(m_store->find(y)), 2);
        return given;
    }

private:
    static at::Tensor batched(const at::Tensor& x, std::int64_t dimensions)
    {
        return x.dim() == dimensions ? x : x.unsqueeze(0);
    }
    std::unique_ptr<WeightStore> m_store;
};

std::shared_ptr<const ClipTokenizer> clipTokenizer()
{
    return valueOf(ClipTokenizer::shipped());
}

} // namespace

std::unique_ptr<Conditioner> makeConditioner(
    const GenerationProfile& profile, ComponentSet& components, const std::filesystem::path& embeddings)
{
    if (!embeddings.empty())
        return std::make_unique<GivenEmbeddings>(embeddings);
    if (profile.text == "clip_l" || profile.text == "clip_h")
        return std::make_unique<SingleClip>(components, clipTokenizer(), profile.text == "clip_h");
    if (profile.text == "sdxl" || profile.text == "sdxl_refiner")
        return std::make_unique<Sdxl>(components, clipTokenizer(), profile.text == "sdxl_refiner");
    throw Failure(Error{ErrorCode::Unsupported, "the text encoder of this family does not run here", {},
        "give its output with --embeddings FILE (a safetensors file with a tensor named context)"});
}

} // namespace mantissa
