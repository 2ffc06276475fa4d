// SPDX-License-Identifier: GPL-3.0-or-later
// What FLUX.1 (Black Forest Labs, 2024) brought and its relatives took over, in the spellings of its authors
// and of Tencent: double blocks, in which picture and text have weights of their own and attend to each
// other, then single blocks over both in one sequence. The families differ in where the modulation of a block
// comes from, in which of picture and text is first, and in feed-forward layers, which may be gated.
#pragma once

#include "engine/torch/models/network.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/layers.h"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace mantissa::flux {

/// What of a network's sizes the blocks need.
struct Sizes {
    std::int64_t width = 0, heads = 0, headWidth = 0;
    std::vector<std::int64_t> axes; ///< channels of a head that are turned by each axis of the positions
    double theta = 0;
};

/// Heads by `queryNorm`, a norm over the channels of one; axes and theta by the settings, else as given.
Sizes readSizes(const Scope& queryNorm, std::int64_t width, std::vector<std::int64_t> axes, double theta);
/// By the first double block, of `scope`.
Sizes readFluxSizes(const Scope& scope, std::int64_t width, std::vector<std::int64_t> axes, double theta);

/// Square patches of pictures as rows of a matrix, sorted by channel first.
class Patches {
public:
    /// `in` and `out`: features of the first and of the last matrix. Raises InvalidInput where they are no
    /// patches.
    Patches(std::int64_t in, std::int64_t out, std::int64_t side);
    std::int64_t channels() const { return m_channels; } ///< of the input
    LatentForm form(bool references) const { return {m_out, m_channels - m_out, false, references}; }
    /// x [B, C, H, W] → [B, N, C·side²].
    at::Tensor cut(const at::Tensor& x) const;
    /// The inverse, with the size of x.
    at::Tensor join(const at::Tensor& tokens, const at::Tensor& x) const;
    /// (picture, row, column) of every patch of x [N, 3]: the first axis tells pictures apart.
    at::Tensor positions(const at::Tensor& x, double picture = 0) const;

private:
    std::vector<std::int64_t> m_patch;
    std::int64_t m_channels, m_out;
};

/// The tokens of a picture that is made and of those that are looked at, one after the other.
struct PictureTokens {
    at::Tensor tokens; ///< [B, N, features of a patch]
    std::vector<at::Tensor> positions; ///< of each picture, [n, 3]
    std::int64_t length = 0; ///< tokens of the first, which is made
};
/// `pictureStep`: how far pictures are from each other on the first axis. Raises Usage for a reference whose
/// channels are not those of the noise.
PictureTokens cutPictures(const Patches& patches, const DenoiserInput& input, double pictureStep);

/// Rows and columns of a patch of FLUX.1 and Chroma: 2, or what a reduced model says. diffusers cuts patches
/// outside of its networks, so that its configs say 1.
std::int64_t patchSide(const Scope& scope);

/// Two layers with SiLU between them, whose tensors have three spellings.
nn::TwoLinear makeEmbedder(const Scope& place, std::int64_t width);
/// Whether any of its matrices is there.
bool hasEmbedder(const Scope& place);

/// The vector that a network is conditioned on: time, and where the file has them, pooled text and guidance.
class Condition {
public:
    Condition(const Scope& scope, std::int64_t width);
    /// [B, width]. Times are multiplied by `timeScale`, guidance by 1000; guidance may be undefined.
    at::Tensor operator()(const DenoiserInput& input, double timeScale) const;

private:
    nn::TwoLinear m_time;
    std::optional<nn::TwoLinear> m_vector, m_guidance;
};

/// One value a sample: [B, 1, C].
struct Modulation {
    at::Tensor shift, scale, gate;
};
/// Of attention, then of the feed-forward layer; single blocks have one for both.
using Modulations = std::vector<Modulation>;

/// The Linear that makes `count` modulations of a vector.
class ModulationLayer {
public:
    ModulationLayer(const Scope& scope, std::int64_t width, std::int64_t count);
    Modulations operator()(const at::Tensor& vector) const;

private:
    nn::Linear m_linear;
    std::int64_t m_count;
};

/// Where blocks have their modulation from, in one call of the network; asked by the index of the block.
struct Modulator {
    std::function<Modulations(std::size_t block)> image, text;
    std::function<Modulation(std::size_t block)> single;
};

/// q, k and v [B, heads, N, head width].
struct Heads {
    at::Tensor q, k, v;
};
/// Of a fused matrix's output [B, N, 3·heads·head width].
Heads cutHeads(const at::Tensor& qkv, std::int64_t heads);

/// Where one side of a double block, picture or text, has its tensors.
struct SidePlaces {
    std::vector<Scope> qkv; ///< one fused matrix, or three
    Scope proj, qNorm, kNorm;
    Scope mlp, mlpFirst, mlpSecond;
};

/// Picture or text in a double block.
class Side {
public:
    Side(const Scope& block, const SidePlaces& places, const Sizes& sizes);
    Heads heads(const at::Tensor& x, const Modulation& part) const;
    at::Tensor finish(at::Tensor x, const at::Tensor& attended, const Modulations& parts) const;

private:
    nn::LayerNorm m_norm1, m_norm2;
    std::vector<nn::Linear> m_qkv;
    nn::Linear m_proj;
    nn::RmsNorm m_qNorm, m_kNorm;
    nn::TwoLinear m_mlp;
    std::int64_t m_heads;
};

enum class Order { TextFirst, ImageFirst }; ///< in the joint sequence

/// Both in one tensor, and the parts of it.
struct Joint {
    Order order;
    at::Tensor join(const at::Tensor& image, const at::Tensor& text, std::int64_t dimension) const;
    /// Of a joint sequence [B, N, C], whose picture has `imageLength` tokens.
    at::Tensor image(const at::Tensor& joint, std::int64_t imageLength) const;
    at::Tensor text(const at::Tensor& joint, std::int64_t imageLength) const;
};

class DoubleBlock {
public:
    DoubleBlock(Side image, Side text, Order order)
        : m_image(std::move(image))
        , m_text(std::move(text))
        , m_joint{order}
    { }
    void operator()(at::Tensor& image, at::Tensor& text, const Modulations& imageParts,
        const Modulations& textParts, const at::Tensor& rotation) const;

private:
    Side m_image, m_text;
    Joint m_joint;
};

/// Attention and feed-forward layer side by side.
class SingleBlock {
public:
    SingleBlock(const Scope& scope, const Sizes& sizes);
    at::Tensor operator()(at::Tensor x, const Modulation& part, const at::Tensor& rotation) const;

private:
    Scope m_scope;
    nn::LayerNorm m_norm;
    nn::Linear m_in, m_out;
    nn::RmsNorm m_qNorm, m_kNorm;
    std::int64_t m_width, m_heads;
    bool m_gated = false;
};

/// All blocks, of `double_blocks` and `single_blocks`.
class Blocks {
public:
    Blocks(const Scope& scope, const Sizes& sizes, Order order);
    std::size_t doubleCount() const { return m_double.size(); }
    std::size_t singleCount() const { return m_single.size(); }
    /// Tokens [B, N, C] with positions [N, axes]; the result is those of the picture.
    at::Tensor operator()(at::Tensor image, const at::Tensor& imagePositions, at::Tensor text,
        const at::Tensor& textPositions, const Modulator& modulator) const;

private:
    struct Double {
        Scope scope;
        DoubleBlock block;
    };
    std::vector<Double> m_double;
    std::vector<SingleBlock> m_single;
    Sizes m_sizes;
    Joint m_joint;
};

/// Modulation by a Linear in each block.
class OwnModulation {
public:
    OwnModulation(const Scope& scope, std::int64_t width, const Blocks& blocks);
    /// Valid as long as this object.
    Modulator of(const at::Tensor& vector) const;

private:
    std::vector<ModulationLayer> m_image, m_text, m_single;
};

} // namespace mantissa::flux
