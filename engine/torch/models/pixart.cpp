// SPDX-License-Identifier: GPL-3.0-or-later
// PixArt-α and PixArt-Σ in the names of their authors' files (Chen et al., arXiv:2310.00426 and 2403.04692):
// a DiT with cross attention to T5, whose modulation comes from one layer for all blocks and a table in each.
//
// x [B, 4, H, W]; timestep: index 0–999 [B]; context [B, N, width]. Of the predicted channels, the first half
// is returned: the other is the variance of the training's loss.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

#include <cmath>

namespace mantissa {

namespace {

using namespace nn;

constexpr double kEps = 1e-6; // of all LayerNorms

/// Positions of a side run from 0 to this number, whatever the size: those of a picture of 512 pixels, 64 of
/// the latent, in every published model but PixArt-α for 256 pixels, whose side has 16.
double positionSpan(const Scope& scope, std::int64_t patch)
{
    double span = 64.0 / double(patch);
    // The constant table of the original files tells its side.
    if (scope.has("pos_embed"))
        span = std::min(span, std::sqrt(double(scope.dim("pos_embed", 1))));
    const Settings& settings = scope.settings();
    if (settings.has({"pe_interpolation", "interpolation_scale"})
        && settings.has({"input_size", "sample_size"}))
        span = double(settings.integer({"input_size", "sample_size"}, 0)) / double(patch)
            / settings.number({"pe_interpolation", "interpolation_scale"}, 1);
    if (!(span > 0) || !std::isfinite(span))
        raise(ErrorCode::InvalidInput, "the settings give the table of positions no size");
    return span;
}

/// Sines and cosines of the column, then of the row: float32 [rows·columns, width].
at::Tensor positionTable(
    const std::vector<std::int64_t>& grid, double span, std::int64_t width, at::Device device)
{
    const auto axis = [&](std::size_t i) {
        const at::Tensor positions = at::arange(grid[i], at::TensorOptions(at::kDouble).device(device));
        return timestepEmbedding(positions * (span / double(grid[i])), width / 2, 10000.0, true);
    };
    const at::Tensor rows = axis(0).unsqueeze(1).expand({grid[0], grid[1], width / 2});
    const at::Tensor columns = axis(1).unsqueeze(0).expand({grid[0], grid[1], width / 2});
    return at::cat({columns, rows}, -1).flatten(0, 1);
}

/// Sinusoids of numbers about the picture (PixArt-α): [B, n] → [B, n·width].
class SizeEmbedder {
public:
    explicit SizeEmbedder(const Scope& scope)
        : m_mlp(scope, "mlp.0", "mlp.2", at::silu)
    { }
    at::Tensor operator()(const at::Tensor& numbers) const
    {
        const at::Tensor each = m_mlp(timestepEmbedding(numbers.flatten(), m_mlp.inFeatures()));
        return each.reshape({numbers.size(0), -1});
    }

private:
    TwoLinear m_mlp;
};

class Block {
public:
    Block(const Scope& scope, std::int64_t width, std::int64_t heads)
        : m_scope(scope)
        , m_norm1(scope / "norm1", kEps)
        , m_norm2(scope / "norm2", kEps)
        , m_qkv(scope / "attn.qkv")
        , m_proj(scope / "attn.proj")
        , m_crossQ(scope / "cross_attn.q_linear")
        , m_crossKv(scope / "cross_attn.kv_linear")
        , m_crossProj(scope / "cross_attn.proj")
        , m_mlp(scope / "mlp", "fc1", "fc2", geluTanh)
        , m_table(loadTable(scope, "scale_shift_table", 6, width))
        , m_heads(heads)
    {
        if (scope.has("attn.sr.weight"))
            raise(ErrorCode::Unsupported, "PixArt networks with compressed keys cannot be run yet");
    }

    /// `t` [B, 6, C].
    at::Tensor operator()(at::Tensor x, const at::Tensor& context, const at::Tensor& t) const
    {
        const auto part = (m_table.unsqueeze(0) + t).chunk(6, 1);
        x = x + part[2] * selfAttention(modulate(m_norm1(x), part[0], part[1]));
        const auto kv = m_crossKv(context).chunk(2, -1);
        x = x
            + m_crossProj(attention(
                splitHeads(m_crossQ(x), m_heads), splitHeads(kv[0], m_heads), splitHeads(kv[1], m_heads)));
        x = x + part[5] * m_mlp(modulate(m_norm2(x), part[3], part[4]));
        m_scope.tap(x);
        return x;
    }

private:
    at::Tensor selfAttention(const at::Tensor& x) const
    {
        const auto qkv = m_qkv(x).chunk(3, -1);
        return m_proj(
            attention(splitHeads(qkv[0], m_heads), splitHeads(qkv[1], m_heads), splitHeads(qkv[2], m_heads)));
    }

    Scope m_scope;
    LayerNorm m_norm1, m_norm2;
    Linear m_qkv, m_proj, m_crossQ, m_crossKv, m_crossProj;
    TwoLinear m_mlp;
    at::Tensor m_table;
    std::int64_t m_heads;
};

class PixArt final : public DenoisingNetwork {
public:
    PixArt(const Scope& scope, std::int64_t heads)
        : m_scope(scope)
        , m_x(scope / "x_embedder.proj")
        , m_time(scope / "t_embedder", "mlp.0", "mlp.2", at::silu)
        , m_text(scope / "y_embedder.y_proj", "fc1", "fc2", geluTanh)
        , m_timeBlock(scope / "t_block.1")
        , m_finalNorm(scope / "final_layer.norm_final", kEps)
        , m_final(scope / "final_layer.linear")
        , m_finalTable(loadTable(scope, "final_layer.scale_shift_table", 2, m_x.width()))
        , m_span(positionSpan(scope, m_x.patch()[0]))
    {
        quotient(m_x.width(), 4, "positions of rows and columns");
        quotient(m_x.width(), heads, fmt::format("{} heads", heads));
        requireBiases(scope,
            {"blocks", "x_embedder", "t_embedder", "t_block", "y_embedder", "ar_embedder", "csize_embedder",
                "final_layer"});
        for (std::int64_t i = 0, n = scope.depth("blocks"); i < n; ++i)
            m_blocks.emplace_back(scope / "blocks" / i, m_x.width(), heads);
        if (scope.hasBelow("ar_embedder") || scope.hasBelow("csize_embedder")) {
            m_size.emplace(scope / "csize_embedder");
            m_ratio.emplace(scope / "ar_embedder");
        }
    }

    LatentForm latentForm() const override { return {m_x.inChannels()}; }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_x.inChannels(), -1, -1});
        requireInput(input.timestep, "timestep", {input.x.size(0)});
        requireInput(input.context, "context", {input.x.size(0), -1, m_text.inFeatures()});
        const at::ScalarType compute = m_scope.context().weights.options().compute;
        const std::vector<std::int64_t> grid = patchGrid(input.x, m_x.patch());
        at::Tensor x = m_x(input.x);
        x = x + positionTable(grid, m_span, m_x.width(), x.device()).to(compute);
        at::Tensor t = m_time(timestepEmbedding(input.timestep, m_time.inFeatures()));
        if (m_size)
            t = t + sizeEmbedding(input.x);
        const at::Tensor parts = m_timeBlock(at::silu(t)).unflatten(-1, {6, m_x.width()});
        const at::Tensor context = m_text(input.context);
        for (const Block& block : m_blocks)
            x = block(x, context, parts);
        const auto shiftScale = (m_finalTable.unsqueeze(0) + t.unsqueeze(1)).chunk(2, 1);
        x = m_final(modulate(m_finalNorm(x), shiftScale[0], shiftScale[1]));
        (m_scope / "final_layer").tap(x);
        const at::Tensor y = cutTo(joinPatches(x, grid, m_x.patch(), PatchOrder::ChannelsLast), input.x);
        return y.slice(1, 0, input.x.size(1));
    }

private:
    /// Of a picture that is drawn at its own size: height and width in pixels (8 a latent pixel), and their
    /// ratio.
    at::Tensor sizeEmbedding(const at::Tensor& x) const
    {
        const auto numbers = [&](std::initializer_list<double> values) {
            return at::tensor(at::ArrayRef<double>(values.begin(), values.size()), at::kFloat)
                .to(x.device())
                .unsqueeze(0)
                .expand({x.size(0), -1});
        };
        const double height = 8 * double(x.size(2)), width = 8 * double(x.size(3));
        return at::cat({(*m_size)(numbers({height, width})), (*m_ratio)(numbers({height / width}))}, -1);
    }

    Scope m_scope;
    PatchEmbedding m_x;
    TwoLinear m_time, m_text;
    Linear m_timeBlock;
    std::vector<Block> m_blocks;
    LayerNorm m_finalNorm;
    Linear m_final;
    at::Tensor m_finalTable;
    double m_span;
    std::optional<SizeEmbedder> m_size, m_ratio;
};

} // namespace

Network makePixArt(const Scope& scope, std::string_view)
{
    Network network;
    network.denoiser
        = std::make_unique<PixArt>(scope, scope.settings().integer({"num_heads", "num_attention_heads"}, 16));
    return network;
}

} // namespace mantissa
