// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/models/flux_blocks.h"

#include "engine/torch/failure.h"
#include "engine/torch/nn/functions.h"

#include <string>
#include <utility>

namespace mantissa::flux {

namespace {

using namespace nn;

constexpr double kEps = 1e-6;

/// `side`: "img" or "txt".
SidePlaces sidePlaces(const Scope& block, const std::string& side)
{
    const Scope mlp = block / (side + "_mlp");
    return {{firstOf(block, {side + "_attn.qkv", side + "_attn_qkv"})},
        firstOf(block, {side + "_attn.proj", side + "_attn_proj"}),
        firstOf(block, {side + "_attn.norm.query_norm", side + "_attn_q_norm"}),
        firstOf(block, {side + "_attn.norm.key_norm", side + "_attn_k_norm"}), mlp,
        firstOf(mlp, {"0", "fc1"}), firstOf(mlp, {"2", "fc2"})};
}

/// Gated where the first matrix makes twice what the second takes.
TwoLinear makeMlp(const SidePlaces& places, std::int64_t width)
{
    const bool gated = places.mlpFirst.dim("weight", 0) == 2 * places.mlpSecond.dim("weight", 1);
    return twoLinearTo(places.mlp, places.mlpFirst, places.mlpSecond, gated ? siluGate : geluTanh, width);
}

std::vector<Modulation> cutModulations(const at::Tensor& all, std::int64_t count)
{
    const auto part = all.chunk(3 * count, -1);
    std::vector<Modulation> cut;
    for (std::size_t i = 0; i < part.size(); i += 3)
        cut.push_back({part[i], part[i + 1], part[i + 2]});
    return cut;
}

} // namespace

Sizes readSizes(const Scope& queryNorm, std::int64_t width, std::vector<std::int64_t> axes, double theta)
{
    Sizes sizes;
    const std::size_t axisCount = axes.size();
    const Settings& settings = queryNorm.settings();
    sizes.width = width;
    sizes.headWidth = queryNorm.dim(queryNorm.has("weight") ? "weight" : "scale", 0);
    sizes.heads = quotient(width, sizes.headWidth, fmt::format("heads of {} channels", sizes.headWidth));
    sizes.axes = settings.integers({"axes_dim", "rope_axes_dim", "axes_dims_rope"}, std::move(axes));
    if (sizes.axes.size() != axisCount)
        raise(ErrorCode::InvalidInput, "{} rotary axes in place of {}", sizes.axes.size(), axisCount);
    requireAxes(sizes.axes, sizes.headWidth);
    sizes.theta = settings.number({"theta", "rope_theta"}, theta);
    return sizes;
}

Sizes readFluxSizes(const Scope& scope, std::int64_t width, std::vector<std::int64_t> axes, double theta)
{
    const Scope norm = firstOf(scope / "double_blocks.0", {"img_attn.norm.query_norm", "img_attn_q_norm"});
    return readSizes(norm, width, std::move(axes), theta);
}

Patches::Patches(std::int64_t in, std::int64_t out, std::int64_t side)
    : m_patch{side, side}
    , m_channels(0)
    , m_out(0)
{
    if (side < 1 || side > 64)
        raise(ErrorCode::InvalidInput, "patches of {0}×{0} are none", side);
    m_channels = quotient(in, side * side, "the numbers of a patch");
    m_out = quotient(out, side * side, "the numbers of a patch");
}

at::Tensor Patches::cut(const at::Tensor& x) const
{
    return cutPatches(padToPatch(x, m_patch), m_patch, PatchOrder::ChannelsFirst);
}

at::Tensor Patches::join(const at::Tensor& tokens, const at::Tensor& x) const
{
    return cutTo(joinPatches(tokens, patchGrid(x, m_patch), m_patch, PatchOrder::ChannelsFirst), x);
}

at::Tensor Patches::positions(const at::Tensor& x, double picture) const
{
    return at::constant_pad_nd(gridPositions(patchGrid(x, m_patch), x.device()), {1, 0}, picture);
}

PictureTokens cutPictures(const Patches& patches, const DenoiserInput& input, double pictureStep)
{
    std::vector<at::Tensor> tokens{patches.cut(input.x)};
    PictureTokens all{{}, {patches.positions(input.x)}, tokens.front().size(1)};
    for (const at::Tensor& reference : input.references) {
        requireInput(reference, "reference", {input.x.size(0), patches.channels(), -1, -1});
        tokens.push_back(patches.cut(reference.to(input.x.scalar_type())));
        all.positions.push_back(patches.positions(reference, pictureStep * double(tokens.size() - 1)));
    }
    all.tokens = at::cat(tokens, 1);
    return all;
}

std::int64_t patchSide(const Scope& scope)
{
    const bool diffusers = scope.settings().text({"_class_name"}, "").ends_with("Transformer2DModel");
    return diffusers ? 2 : scope.settings().integer({"patch_size"}, 2);
}

TwoLinear makeEmbedder(const Scope& place, std::int64_t width)
{
    return twoLinearTo(place, firstOf(place, {"in_layer", "mlp.0", "linear_1"}),
        firstOf(place, {"out_layer", "mlp.2", "linear_2"}), at::silu, width);
}

bool hasEmbedder(const Scope& place)
{
    return firstOf(place, {"in_layer", "mlp.0", "linear_1", "out_layer", "mlp.2", "linear_2"}).has("weight");
}

Condition::Condition(const Scope& scope, std::int64_t width)
    : m_time(makeEmbedder(scope / "time_in", width))
{
    if (hasEmbedder(scope / "vector_in"))
        m_vector.emplace(makeEmbedder(scope / "vector_in", width));
    if (hasEmbedder(scope / "guidance_in"))
        m_guidance.emplace(makeEmbedder(scope / "guidance_in", width));
}

at::Tensor Condition::operator()(const DenoiserInput& input, double timeScale) const
{
    const std::int64_t batch = input.x.size(0);
    requireInput(input.timestep, "timestep", {batch});
    at::Tensor vector
        = m_time(timestepEmbedding(input.timestep.to(at::kFloat) * timeScale, m_time.inFeatures()));
    if (m_guidance && input.guidance.defined()) {
        requireInput(input.guidance, "guidance", {batch});
        vector = vector
            + (*m_guidance)(
                timestepEmbedding(input.guidance.to(at::kFloat) * 1000, m_guidance->inFeatures()));
    }
    if (m_vector) {
        requireInput(input.y, "y", {batch, m_vector->inFeatures()});
        vector = vector + (*m_vector)(input.y);
    }
    return vector;
}

ModulationLayer::ModulationLayer(const Scope& scope, std::int64_t width, std::int64_t count)
    : m_linear(linearTo(firstOf(scope, {"lin", "linear", "1"}), 3 * count * width))
    , m_count(count)
{ }

Modulations ModulationLayer::operator()(const at::Tensor& vector) const
{
    return cutModulations(m_linear(at::silu(vector)).unsqueeze(1), m_count);
}

Heads cutHeads(const at::Tensor& qkv, std::int64_t heads)
{
    const auto part = qkv.chunk(3, -1);
    return {splitHeads(part[0], heads), splitHeads(part[1], heads), splitHeads(part[2], heads)};
}

Side::Side(const Scope& block, const SidePlaces& places, const Sizes& sizes)
    : m_norm1(block / "norm1", kEps)
    , m_norm2(block / "norm2", kEps)
    , m_proj(linearTo(places.proj, sizes.width))
    , m_qNorm(rmsNormOver(places.qNorm, sizes.headWidth, kEps))
    , m_kNorm(rmsNormOver(places.kNorm, sizes.headWidth, kEps))
    , m_mlp(makeMlp(places, sizes.width))
    , m_heads(sizes.heads)
{
    const auto matrices = static_cast<std::int64_t>(places.qkv.size());
    for (const Scope& place : places.qkv)
        m_qkv.push_back(linearTo(place, 3 * sizes.width / matrices));
}

Heads Side::heads(const at::Tensor& x, const Modulation& part) const
{
    const at::Tensor y = modulate(m_norm1(x), part.shift, part.scale);
    Heads h;
    if (m_qkv.size() == 1)
        h = cutHeads(m_qkv[0](y), m_heads);
    else
        h = {splitHeads(m_qkv[0](y), m_heads), splitHeads(m_qkv[1](y), m_heads),
            splitHeads(m_qkv[2](y), m_heads)};
    h.q = m_qNorm(h.q);
    h.k = m_kNorm(h.k);
    return h;
}

at::Tensor Side::finish(at::Tensor x, const at::Tensor& attended, const Modulations& parts) const
{
    x = x + parts[0].gate * m_proj(attended);
    return x + parts[1].gate * m_mlp(modulate(m_norm2(x), parts[1].shift, parts[1].scale));
}

SingleBlock::SingleBlock(const Scope& scope, const Sizes& sizes)
    : m_scope(scope)
    , m_norm(scope / "pre_norm", kEps)
    , m_in(scope / "linear1")
    , m_out(linearTo(scope / "linear2", sizes.width))
    , m_qNorm(rmsNormOver(firstOf(scope, {"norm.query_norm", "q_norm"}), sizes.headWidth, kEps))
    , m_kNorm(rmsNormOver(firstOf(scope, {"norm.key_norm", "k_norm"}), sizes.headWidth, kEps))
    , m_width(sizes.width)
    , m_heads(sizes.heads)
{
    const std::int64_t made = m_in.outFeatures() - 3 * m_width, taken = m_out.inFeatures() - m_width;
    m_gated = made == 2 * taken;
    if (taken <= 0 || (made != taken && !m_gated))
        raise(ErrorCode::InvalidInput,
            "{0}.linear1 makes {1} features and {0}.linear2 takes {2}, which do not fit a block of {3} "
            "channels",
            scope.path(), m_in.outFeatures(), m_out.inFeatures(), m_width);
}

at::Tensor SingleBlock::operator()(at::Tensor x, const Modulation& part, const at::Tensor& rotation) const
{
    const at::Tensor both = m_in(modulate(m_norm(x), part.shift, part.scale));
    const Heads h = cutHeads(both.slice(-1, 0, 3 * m_width), m_heads);
    const at::Tensor attended
        = attention(rotatePairs(m_qNorm(h.q), rotation), rotatePairs(m_kNorm(h.k), rotation), h.v);
    const at::Tensor wide = both.slice(-1, 3 * m_width);
    x = x + part.gate * m_out(at::cat({attended, m_gated ? siluGate(wide) : geluTanh(wide)}, -1));
    m_scope.tap(x);
    return x;
}

at::Tensor Joint::join(const at::Tensor& image, const at::Tensor& text, std::int64_t dimension) const
{
    return order == Order::TextFirst ? at::cat({text, image}, dimension) : at::cat({image, text}, dimension);
}

at::Tensor Joint::image(const at::Tensor& joint, std::int64_t imageLength) const
{
    const std::int64_t first = order == Order::TextFirst ? joint.size(1) - imageLength : 0;
    return joint.slice(1, first, first + imageLength);
}

at::Tensor Joint::text(const at::Tensor& joint, std::int64_t imageLength) const
{
    const std::int64_t length = joint.size(1) - imageLength;
    const std::int64_t first = order == Order::TextFirst ? 0 : imageLength;
    return joint.slice(1, first, first + length);
}

void DoubleBlock::operator()(at::Tensor& image, at::Tensor& text, const Modulations& imageParts,
    const Modulations& textParts, const at::Tensor& rotation) const
{
    const Heads i = m_image.heads(image, imageParts[0]), t = m_text.heads(text, textParts[0]);
    const at::Tensor y = attention(rotatePairs(m_joint.join(i.q, t.q, 2), rotation),
        rotatePairs(m_joint.join(i.k, t.k, 2), rotation), m_joint.join(i.v, t.v, 2));
    const std::int64_t length = image.size(1);
    image = m_image.finish(image, m_joint.image(y, length), imageParts);
    text = m_text.finish(text, m_joint.text(y, length), textParts);
}

Blocks::Blocks(const Scope& scope, const Sizes& sizes, Order order)
    : m_sizes(sizes)
    , m_joint{order}
{
    const std::int64_t doubles = countBlocks(
        scope, "double_blocks", {"img_attn.qkv.weight", "img_attn_qkv.weight", "txt_attn.qkv.weight"});
    for (std::int64_t i = 0; i < doubles; ++i) {
        const Scope block = scope / "double_blocks" / i;
        m_double.push_back({block,
            DoubleBlock(Side(block, sidePlaces(block, "img"), sizes),
                Side(block, sidePlaces(block, "txt"), sizes), order)});
    }
    const std::int64_t singles = countBlocks(scope, "single_blocks", {"linear1.weight", "linear2.weight"});
    for (std::int64_t i = 0; i < singles; ++i)
        m_single.emplace_back(scope / "single_blocks" / i, sizes);
}

at::Tensor Blocks::operator()(at::Tensor image, const at::Tensor& imagePositions, at::Tensor text,
    const at::Tensor& textPositions, const Modulator& modulator) const
{
    const at::Tensor rotation
        = rotaryTable(m_joint.join(imagePositions, textPositions, 0), m_sizes.axes, m_sizes.theta);
    for (std::size_t i = 0; i < m_double.size(); ++i) {
        m_double[i].block(image, text, modulator.image(i), modulator.text(i), rotation);
        m_double[i].scope.tap({image, text});
    }
    at::Tensor x = m_joint.join(image, text, 1);
    for (std::size_t i = 0; i < m_single.size(); ++i)
        x = m_single[i](x, modulator.single(i), rotation);
    return m_joint.image(x, image.size(1));
}

OwnModulation::OwnModulation(const Scope& scope, std::int64_t width, const Blocks& blocks)
{
    for (std::size_t i = 0; i < blocks.doubleCount(); ++i) {
        const Scope block = scope / "double_blocks" / static_cast<std::int64_t>(i);
        m_image.emplace_back(block / "img_mod", width, 2);
        m_text.emplace_back(block / "txt_mod", width, 2);
    }
    for (std::size_t i = 0; i < blocks.singleCount(); ++i)
        m_single.emplace_back(
            scope / "single_blocks" / static_cast<std::int64_t>(i) / "modulation", width, 1);
}

Modulator OwnModulation::of(const at::Tensor& vector) const
{
    return {[this, vector](std::size_t i) { return m_image[i](vector); },
        [this, vector](std::size_t i) { return m_text[i](vector); },
        [this, vector](std::size_t i) { return m_single[i](vector)[0]; }};
}

} // namespace mantissa::flux
