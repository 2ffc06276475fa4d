// SPDX-License-Identifier: GPL-3.0-or-later
// HunyuanVideo (arXiv:2412.03603), text and image to video, in the names of Tencent's files or of ComfyUI's.
// FLUX's double and single blocks, with the picture before the text, and a refiner for the text.
//
// x [B, C, T, H, W], whose channels include the picture of image to video; timestep: 1000·sigma [B]; context
// [B, N, width] of the language model; y: CLIP's pooled vector; guidance [B], multiplied by 1000 inside, may
// be undefined. The result has the channels of the noise.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

namespace mantissa {

namespace {

using namespace nn;

constexpr double kEps = 1e-6;

/// Two layers with SiLU between them, whose tensors have three spellings.
TwoLinear makeEmbedder(const Scope& place)
{
    return {place, firstOf(place, {"in_layer", "mlp.0", "linear_1"}),
        firstOf(place, {"out_layer", "mlp.2", "linear_2"}), at::silu};
}

TwoLinear makeMlp(const Scope& place, TwoLinear::Activation activation)
{
    return {place, firstOf(place, {"0", "fc1"}), firstOf(place, {"2", "fc2"}), activation};
}

/// q, k and v [B, heads, N, width].
struct Heads {
    at::Tensor q, k, v;
};

Heads cutHeads(const at::Tensor& qkv, std::int64_t heads)
{
    const auto part = qkv.chunk(3, -1);
    return {splitHeads(part[0], heads), splitHeads(part[1], heads), splitHeads(part[2], heads)};
}

class RefinerBlock {
public:
    RefinerBlock(const Scope& scope, std::int64_t heads)
        : m_norm1(scope / "norm1", kEps)
        , m_norm2(scope / "norm2", kEps)
        , m_qkv(firstOf(scope, {"self_attn.qkv", "self_attn_qkv"}))
        , m_proj(firstOf(scope, {"self_attn.proj", "self_attn_proj"}))
        , m_mlp(makeMlp(scope / "mlp", at::silu))
        , m_modulation(scope / "adaLN_modulation.1")
        , m_heads(heads)
    { }
    at::Tensor operator()(at::Tensor x, const at::Tensor& condition) const
    {
        const auto gate = m_modulation(at::silu(condition)).unsqueeze(1).chunk(2, -1);
        const Heads h = cutHeads(m_qkv(m_norm1(x)), m_heads);
        x = x + gate[0] * m_proj(attention(h.q, h.k, h.v));
        return x + gate[1] * m_mlp(m_norm2(x));
    }

private:
    LayerNorm m_norm1, m_norm2;
    Linear m_qkv, m_proj;
    TwoLinear m_mlp;
    Linear m_modulation;
    std::int64_t m_heads;
};

/// Lets the text's tokens see each other, before the picture does; knows the time and the mean of the text.
class TextRefiner {
public:
    TextRefiner(const Scope& scope, std::int64_t heads)
        : m_scope(scope)
        , m_in(scope / "input_embedder")
        , m_time(makeEmbedder(scope / "t_embedder"))
        , m_pooled(makeEmbedder(scope / "c_embedder"))
    {
        const std::int64_t depth = scope.count("individual_token_refiner.blocks", "norm1.weight");
        for (std::int64_t i = 0; i < depth; ++i)
            m_blocks.emplace_back(scope / "individual_token_refiner.blocks" / i, heads);
    }
    std::int64_t inFeatures() const { return m_in.inFeatures(); }
    at::Tensor operator()(const at::Tensor& text, const at::Tensor& timestep) const
    {
        const at::Tensor condition
            = m_time(timestepEmbedding(timestep, m_time.inFeatures())) + m_pooled(text.mean(1));
        at::Tensor x = m_in(text);
        for (const RefinerBlock& block : m_blocks)
            x = block(x, condition);
        m_scope.tap(x);
        return x;
    }

private:
    Scope m_scope;
    Linear m_in;
    TwoLinear m_time, m_pooled;
    std::vector<RefinerBlock> m_blocks;
};

/// One side of a double block: picture or text.
class Side {
public:
    Side(const Scope& block, const std::string& side, std::int64_t heads)
        : m_norm1(block / (side + "_norm1"), kEps)
        , m_norm2(block / (side + "_norm2"), kEps)
        , m_modulation(firstOf(block, {side + "_mod.lin", side + "_mod.linear"}))
        , m_qkv(firstOf(block, {side + "_attn.qkv", side + "_attn_qkv"}))
        , m_proj(firstOf(block, {side + "_attn.proj", side + "_attn_proj"}))
        , m_qNorm(firstOf(block, {side + "_attn.norm.query_norm", side + "_attn_q_norm"}), kEps)
        , m_kNorm(firstOf(block, {side + "_attn.norm.key_norm", side + "_attn_k_norm"}), kEps)
        , m_mlp(makeMlp(block / (side + "_mlp"), geluTanh))
        , m_heads(heads)
    { }
    /// Shift, scale and gate of attention, then of the feed-forward layer.
    std::vector<at::Tensor> modulation(const at::Tensor& vector) const
    {
        return m_modulation(at::silu(vector)).unsqueeze(1).chunk(6, -1);
    }
    Heads heads(const at::Tensor& x, const std::vector<at::Tensor>& part) const
    {
        Heads h = cutHeads(m_qkv(modulate(m_norm1(x), part[0], part[1])), m_heads);
        h.q = m_qNorm(h.q);
        h.k = m_kNorm(h.k);
        return h;
    }
    at::Tensor finish(at::Tensor x, const at::Tensor& attended, const std::vector<at::Tensor>& part) const
    {
        x = x + part[2] * m_proj(attended);
        return x + part[5] * m_mlp(modulate(m_norm2(x), part[3], part[4]));
    }

private:
    LayerNorm m_norm1, m_norm2;
    Linear m_modulation, m_qkv, m_proj;
    RmsNorm m_qNorm, m_kNorm;
    TwoLinear m_mlp;
    std::int64_t m_heads;
};

class DoubleBlock {
public:
    DoubleBlock(const Scope& scope, std::int64_t heads)
        : m_scope(scope)
        , m_image(scope, "img", heads)
        , m_text(scope, "txt", heads)
    { }
    void operator()(
        at::Tensor& image, at::Tensor& text, const at::Tensor& vector, const at::Tensor& rotation) const
    {
        const auto imagePart = m_image.modulation(vector), textPart = m_text.modulation(vector);
        const Heads i = m_image.heads(image, imagePart), t = m_text.heads(text, textPart);
        const at::Tensor y = attention(rotatePairs(at::cat({i.q, t.q}, 2), rotation),
            rotatePairs(at::cat({i.k, t.k}, 2), rotation), at::cat({i.v, t.v}, 2));
        image = m_image.finish(image, y.slice(1, 0, image.size(1)), imagePart);
        text = m_text.finish(text, y.slice(1, image.size(1)), textPart);
        m_scope.tap({image, text});
    }

private:
    Scope m_scope;
    Side m_image, m_text;
};

/// Attention and feed-forward layer side by side, over picture and text in one sequence.
class SingleBlock {
public:
    SingleBlock(const Scope& scope, std::int64_t width, std::int64_t heads)
        : m_scope(scope)
        , m_norm(scope / "pre_norm", kEps)
        , m_modulation(firstOf(scope, {"modulation.lin", "modulation.linear"}))
        , m_in(scope / "linear1")
        , m_out(scope / "linear2")
        , m_qNorm(firstOf(scope, {"norm.query_norm", "q_norm"}), kEps)
        , m_kNorm(firstOf(scope, {"norm.key_norm", "k_norm"}), kEps)
        , m_width(width)
        , m_heads(heads)
    {
        if (m_in.outFeatures() <= 3 * width)
            raise(ErrorCode::InvalidInput, "{}.linear1 has {} outputs for a network of {} channels",
                scope.path(), m_in.outFeatures(), width);
    }
    at::Tensor operator()(at::Tensor x, const at::Tensor& vector, const at::Tensor& rotation) const
    {
        const auto part = m_modulation(at::silu(vector)).unsqueeze(1).chunk(3, -1);
        const at::Tensor both = m_in(modulate(m_norm(x), part[0], part[1]));
        const Heads h = cutHeads(both.slice(-1, 0, 3 * m_width), m_heads);
        const at::Tensor attended
            = attention(rotatePairs(m_qNorm(h.q), rotation), rotatePairs(m_kNorm(h.k), rotation), h.v);
        x = x + part[2] * m_out(at::cat({attended, geluTanh(both.slice(-1, 3 * m_width))}, -1));
        m_scope.tap(x);
        return x;
    }

private:
    Scope m_scope;
    LayerNorm m_norm;
    Linear m_modulation, m_in, m_out;
    RmsNorm m_qNorm, m_kNorm;
    std::int64_t m_width, m_heads;
};

struct HunyuanSettings {
    std::int64_t width = 0, heads = 0;
    std::vector<std::int64_t> axes;
    double theta = 0;
};

class HunyuanVideo final : public DenoisingNetwork {
public:
    HunyuanVideo(const Scope& scope, const HunyuanSettings& settings)
        : m_scope(scope)
        , m_settings(settings)
        , m_x(scope / "img_in.proj")
        , m_text(scope / "txt_in", settings.heads)
        , m_time(makeEmbedder(scope / "time_in"))
        , m_finalNorm(scope / "final_layer.norm_final", kEps)
        , m_finalModulation(scope / "final_layer.adaLN_modulation.1")
        , m_final(scope / "final_layer.linear")
    {
        if (m_x.patch().size() != 3)
            raise(ErrorCode::Unsupported, "Hunyuan networks for pictures cannot be run yet");
        if (scope.has("vector_in.in_layer.weight"))
            m_vector.emplace(makeEmbedder(scope / "vector_in"));
        if (const Scope guidance = scope / "guidance_in";
            guidance.has("in_layer.weight") || guidance.has("mlp.0.weight"))
            m_guidance.emplace(makeEmbedder(guidance));
        const auto hasBlock = [&](const char* list, std::size_t i, const char* a, const char* b) {
            return scope.has(fmt::format("{}.{}.{}", list, i, a))
                || scope.has(fmt::format("{}.{}.{}", list, i, b));
        };
        while (hasBlock("double_blocks", m_double.size(), "img_attn.qkv.weight", "img_attn_qkv.weight"))
            m_double.emplace_back(scope / "double_blocks" / std::to_string(m_double.size()), settings.heads);
        while (hasBlock("single_blocks", m_single.size(), "linear1.weight", "linear2.weight"))
            m_single.emplace_back(
                scope / "single_blocks" / std::to_string(m_single.size()), settings.width, settings.heads);
    }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_x.inChannels(), -1, -1, -1});
        const std::int64_t batch = input.x.size(0);
        requireInput(input.timestep, "timestep", {batch});
        requireInput(input.context, "context", {batch, -1, m_text.inFeatures()});
        const at::ScalarType compute = m_scope.context().weights.options().compute;
        const std::vector<std::int64_t> grid = patchGrid(input.x, m_x.patch());
        at::Tensor image = m_x(input.x);
        (m_scope / "img_in").tap(image);
        const at::Tensor vector = conditionOf(input);
        at::Tensor text = m_text(input.context.to(compute), input.timestep);

        const at::Tensor points = gridPositions(grid, image.device());
        const at::Tensor rotation = rotaryTable(
            at::constant_pad_nd(points, {0, 0, 0, text.size(1)}), m_settings.axes, m_settings.theta);
        for (const DoubleBlock& block : m_double)
            block(image, text, vector, rotation);
        at::Tensor x = at::cat({image, text}, 1);
        for (const SingleBlock& block : m_single)
            x = block(x, vector, rotation);
        x = x.slice(1, 0, image.size(1));
        const auto part = m_finalModulation(at::silu(vector)).chunk(2, -1);
        x = m_final(modulate(m_finalNorm(x), part[0], part[1]));
        return cutTo(joinPatches(x, grid, m_x.patch(), PatchOrder::ChannelsFirst), input.x);
    }

private:
    at::Tensor conditionOf(const DenoiserInput& input) const
    {
        at::Tensor vector = m_time(timestepEmbedding(input.timestep, m_time.inFeatures()));
        if (m_vector) {
            requireInput(input.y, "y", {input.x.size(0), m_vector->inFeatures()});
            vector = vector + (*m_vector)(input.y);
        }
        if (m_guidance && input.guidance.defined()) {
            requireInput(input.guidance, "guidance", {input.x.size(0)});
            vector = vector
                + (*m_guidance)(
                    timestepEmbedding(input.guidance.to(at::kFloat) * 1000, m_guidance->inFeatures()));
        }
        return vector;
    }

    Scope m_scope;
    HunyuanSettings m_settings;
    PatchEmbedding m_x;
    TextRefiner m_text;
    TwoLinear m_time;
    std::optional<TwoLinear> m_vector, m_guidance;
    std::vector<DoubleBlock> m_double;
    std::vector<SingleBlock> m_single;
    LayerNorm m_finalNorm;
    Linear m_finalModulation, m_final;
};

} // namespace

Network makeHunyuanVideo(const Scope& scope, std::string_view)
{
    if (scope.has("vision_in.proj.0.weight"))
        raise(ErrorCode::Unsupported, "HunyuanVideo 1.5, with its picture encoder, cannot be run yet");
    HunyuanSettings hunyuan;
    hunyuan.width = scope.dim("img_in.proj.weight", 0);
    const Scope block = scope / "double_blocks.0";
    const Scope norm = firstOf(block, {"img_attn.norm.query_norm", "img_attn_q_norm"});
    const std::int64_t headWidth = norm.dim(norm.has("weight") ? "weight" : "scale", 0);
    hunyuan.heads = quotient(hunyuan.width, headWidth, fmt::format("heads of {} channels", headWidth));
    hunyuan.axes = scope.settings().integers({"axes_dim", "rope_axes_dim"}, {16, 56, 56});
    if (hunyuan.axes.size() != 3)
        raise(ErrorCode::InvalidInput, "{} rotary axes in place of 3", hunyuan.axes.size());
    requireAxes(hunyuan.axes, headWidth);
    hunyuan.theta = scope.settings().number({"theta", "rope_theta"}, 256.0);
    Network network;
    network.denoiser = std::make_unique<HunyuanVideo>(scope, hunyuan);
    return network;
}

} // namespace mantissa
