// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/conditioning.h"

#include "engine/torch/failure.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/pipeline/text_towers.h"

#include <algorithm>

namespace mantissa {

namespace {

/// One kind of CLIP tower: its architecture id, and what an error calls it.
struct ClipKind {
    std::string_view id, name;
    bool openClip;
};
constexpr ClipKind kClipL{"clip_l", "CLIP-L text encoder", false};
constexpr ClipKind kClipG{"clip_g", "OpenCLIP-G text encoder", true};
constexpr ClipKind kClipH{"clip_h", "OpenCLIP-H text encoder", true};

ClipTower openTower(ComponentSet& components, const ClipKind& kind)
{
    return {components.open(components.find({kind.id}), kind.name), valueOf(ClipTokenizer::shipped()),
        kind.openClip};
}

const ComponentSet::Place* findT5(ComponentSet& components)
{
    return components.find({"t5_xxl", "t5_xl", "t5_base", "umt5_xxl"});
}

/// The one the user names, else the one inside the encoder's file, else that of its diffusers folder.
std::shared_ptr<const SentencePieceTokenizer> t5Tokenizer(
    const ComponentSet::Place& place, const std::filesystem::path& given)
{
    if (!given.empty())
        return valueOf(SentencePieceTokenizer::fromPath(given));
    const TensorSource& source = *place.model->source;
    if (auto packed = SentencePieceTokenizer::fromCheckpoint(source))
        return *packed;
    else if (packed.error().code != ErrorCode::Unsupported)
        throw Failure(std::move(packed.error()));
    for (const char* const folder : {"tokenizer_3", "tokenizer_2", "tokenizer"}) {
        auto tokenizer = SentencePieceTokenizer::fromPath(source.info().path / folder);
        if (tokenizer)
            return *tokenizer;
        if (tokenizer.error().code == ErrorCode::InvalidInput)
            throw Failure(std::move(tokenizer.error()));
    }
    throw Failure(Error{ErrorCode::Unsupported, "the T5 text encoder comes without its tokenizer",
        source.info().path.string(), "name its spiece.model with --tokenizer"});
}

T5Tower openT5(ComponentSet& components, const std::filesystem::path& tokenizer, T5Padding padding)
{
    const ComponentSet::Place* const place = findT5(components);
    Network& network = components.open(place, "T5 text encoder");
    return {network, t5Tokenizer(*place, tokenizer), padding};
}

/// SD 1 and 2: one CLIP.
class SingleClip final : public Conditioner {
public:
    SingleClip(ComponentSet& components, bool openClip)
        : m_clip(openClip ? openTower(components, kClipH) : openTower(components, kClipL))
        , m_hidden(openClip ? Hidden::PenultimateNormed : Hidden::Last)
    { }
    Conditioning encode(const std::string& prompt, bool, const GenerationRequest&) override
    {
        return {m_clip.encode(prompt, m_hidden).hidden, {}};
    }

private:
    ClipTower m_clip;
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
    Sdxl(ComponentSet& components, bool refiner)
        : m_big(openTower(components, kClipG))
        , m_refiner(refiner)
    {
        if (!refiner)
            m_small.emplace(openTower(components, kClipL));
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
    std::optional<ClipTower> m_small;
    ClipTower m_big;
    bool m_refiner;
};

/// SD 3 and 3.5: the two CLIPs side by side, padded to T5's width, then T5. Without T5, as the files without
/// it are used, the CLIPs alone.
class Sd3 final : public Conditioner {
public:
    Sd3(ComponentSet& components, const std::filesystem::path& tokenizer)
        : m_small(openTower(components, kClipL))
        , m_big(openTower(components, kClipG))
    {
        if (findT5(components))
            m_t5.emplace(openT5(components, tokenizer, kPadding));
    }

    Conditioning encode(const std::string& prompt, bool, const GenerationRequest&) override
    {
        const ClipContext small = m_small.encode(prompt, Hidden::Penultimate),
                          big = m_big.encode(prompt, Hidden::Penultimate);
        if (!big.projected.defined())
            raise(ErrorCode::InvalidInput, "the OpenCLIP-G text encoder lacks its text_projection");
        at::Tensor context = at::cat({small.hidden, big.hidden}, -1);
        const at::Tensor words = m_t5 ? m_t5->encode(prompt) : at::Tensor();
        const std::int64_t width = words.defined() ? words.size(-1) : kT5Width;
        if (width < context.size(-1))
            raise(ErrorCode::InvalidInput, "the T5 encoder is {} wide, less than both CLIPs", width);
        context = at::constant_pad_nd(context, {0, width - context.size(-1)});
        if (words.defined())
            context = at::cat({context, words}, 1);
        return {context, at::cat({small.pooled, big.projected}, -1)};
    }

    std::vector<Sentence> notes() const override
    {
        if (m_t5)
            return {};
        return {sentence(
            "there is no T5 text encoder: the two CLIPs read the prompt alone (name one with --with)")};
    }

private:
    static constexpr T5Padding kPadding{77, true};
    static constexpr std::int64_t kT5Width = 4096; ///< of T5-XXL, which the network was trained with
    ClipTower m_small, m_big;
    std::optional<T5Tower> m_t5;
};

/// FLUX.1: T5's states, and CLIP-L's pooled one.
class Flux1 final : public Conditioner {
public:
    Flux1(ComponentSet& components, const std::filesystem::path& tokenizer)
        : m_clip(openTower(components, kClipL))
        , m_t5(openT5(components, tokenizer, {256, true}))
    { }
    Conditioning encode(const std::string& prompt, bool, const GenerationRequest&) override
    {
        return {m_t5.encode(prompt), m_clip.encode(prompt, Hidden::Last).pooled};
    }

private:
    ClipTower m_clip;
    T5Tower m_t5;
};

/// Chroma and PixArt: T5 alone, without padding.
class T5Only final : public Conditioner {
public:
    T5Only(ComponentSet& components, const std::filesystem::path& tokenizer)
        : m_t5(openT5(components, tokenizer, {1, false}))
    { }
    Conditioning encode(const std::string& prompt, bool, const GenerationRequest&) override
    {
        return {m_t5.encode(prompt), {}};
    }

private:
    T5Tower m_t5;
};

/// WAN: UMT5's states, followed by zeros: it was trained without seeing pads.
class PaddedUmt5 final : public Conditioner {
public:
    PaddedUmt5(ComponentSet& components, const std::filesystem::path& tokenizer)
        : m_t5(openT5(components, tokenizer, {1, true}))
    { }
    Conditioning encode(const std::string& prompt, bool, const GenerationRequest&) override
    {
        constexpr std::int64_t kTokens = 512; // of the authors' programs (text_len)
        const at::Tensor words = m_t5.encode(prompt);
        return {
            at::constant_pad_nd(words, {0, 0, 0, std::max<std::int64_t>(0, kTokens - words.size(1))}), {}};
    }

private:
    T5Tower m_t5;
};

/// Tensors of a file, in place of text encoders.
class GivenEmbeddings final : public Conditioner {
public:
    explicit GivenEmbeddings(const std::filesystem::path& file)
        : m_texts(static_cast<std::int64_t>(valueOf(embeddedTexts(file))))
    {
        auto model = std::make_shared<Model>();
        model->source = valueOf(openCheckpoint(file));
        m_store = std::make_unique<WeightStore>(model, "", WeightOptions{});
    }
    Conditioning encode(const std::string&, bool negative, const GenerationRequest& request) override
    {
        const auto text = static_cast<std::int64_t>(request.text);
        if (text >= m_texts)
            raise(ErrorCode::Usage, "the file of embeddings has {} texts, and text {} was asked for", m_texts,
                text + 1);
        Conditioning given;
        const std::string context
            = negative && m_store->has("negative_context") ? "negative_context" : "context";
        given.context = of(context, text, 3);
        if (negative && context == "context")
            given.context = at::zeros_like(given.context);
        const std::string y = negative && m_store->has("negative_y") ? "negative_y" : "y";
        if (m_store->has(y))
            given.y = of(y, text, 2);
        return given;
    }

private:
    /// The row of a text; of tensors with one row, that one for all texts.
    at::Tensor of(const std::string& name, std::int64_t text, std::int64_t dimensions) const
    {
        at::Tensor x = m_store->readFloat(m_store->find(name));
        if (x.dim() == dimensions - 1)
            x = x.unsqueeze(0);
        if (x.dim() != dimensions || (x.size(0) != 1 && x.size(0) != m_texts))
            raise(ErrorCode::InvalidInput,
                "{} in the file of embeddings must have {} dimensions, and one row or one for each of {} "
                "texts",
                name, dimensions, m_texts);
        return x.size(0) == 1 ? x : x.narrow(0, text, 1);
    }

    std::int64_t m_texts;
    std::unique_ptr<WeightStore> m_store;
};

} // namespace

std::unique_ptr<Conditioner> makeConditioner(
    const GenerationProfile& profile, ComponentSet& components, const TextSources& sources)
{
    if (!sources.embeddings.empty())
        return std::make_unique<GivenEmbeddings>(sources.embeddings);
    if (profile.text == "clip_l" || profile.text == "clip_h")
        return std::make_unique<SingleClip>(components, profile.text == "clip_h");
    if (profile.text == "sdxl" || profile.text == "sdxl_refiner")
        return std::make_unique<Sdxl>(components, profile.text == "sdxl_refiner");
    if (profile.text == "sd3")
        return std::make_unique<Sd3>(components, sources.tokenizer);
    if (profile.text == "flux1")
        return std::make_unique<Flux1>(components, sources.tokenizer);
    if (profile.text == "t5")
        return std::make_unique<T5Only>(components, sources.tokenizer);
    if (profile.text == "umt5")
        return std::make_unique<PaddedUmt5>(components, sources.tokenizer);
    throw Failure(Error{ErrorCode::Unsupported, "the text encoder of this family does not run here", {},
        "give its output with --embeddings FILE (a safetensors file with a tensor named context)"});
}

} // namespace mantissa
