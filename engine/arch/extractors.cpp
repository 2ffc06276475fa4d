// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/extractors.h"

#include <algorithm>

namespace mantissa::arch {

namespace {

using List = std::vector<std::int64_t>;

std::optional<std::int64_t> dimension(const KeyView& view, std::string_view name, std::size_t index)
{
    const Key* key = view.find(name);
    if (key == nullptr || index >= key->shape->size())
        return std::nullopt;
    return (*key->shape)[index];
}

/// One residual block of the way down: its width, and how many transformer layers follow it.
struct ResBlock {
    std::int64_t width = 0, depth = 0;
};

class UnetReader {
public:
    explicit UnetReader(const KeyView& view)
        : m_view(view)
        , m_diffusers(view.has("conv_in.weight"))
    { }

    Extracted read()
    {
        const auto conv = std::string_view(m_diffusers ? "conv_in.weight" : "input_blocks.0.0.weight");
        const std::int64_t channels = dimension(m_view, conv, 0).value_or(0);
        add("model_channels", channels);
        add("in_channels", dimension(m_view, conv, 1));
        add("out_channels", dimension(m_view, m_diffusers ? "conv_out.weight" : "out.2.weight", 0));
        m_diffusers ? readDownDiffusers() : readDownNative();
        addLevels(channels);
        m_out.values.emplace_back("transformer_depth_middle", middleDepth());
        m_out.values.emplace_back("transformer_depth_output", m_diffusers ? upDiffusers() : upNative());
        addConditioning();
        return std::move(m_out);
    }

private:
    void add(std::string name, std::optional<std::int64_t> value)
    {
        if (value)
            m_out.values.emplace_back(std::move(name), *value);
    }

    std::int64_t layersIn(const std::string& transformer) const
    {
        return m_view.countIndices(transformer + ".transformer_blocks.#.");
    }

    void readDownNative()
    {
        m_levels.emplace_back();
        for (int i = 1;; ++i) {
            const std::string block = fmt::format("input_blocks.{}", i);
            if (m_view.has(block + ".0.op.weight")) {
                m_levels.emplace_back();
                continue;
            }
            const auto width = dimension(m_view, block + ".0.out_layers.3.weight", 0);
            if (!width)
                return;
            m_levels.back().push_back({*width, layersIn(block + ".1")});
        }
    }

    void readDownDiffusers()
    {
        for (int i = 0; m_view.hasPrefix(fmt::format("down_blocks.{}.", i)); ++i) {
            m_levels.emplace_back();
            for (int j = 0;; ++j) {
                const auto width
                    = dimension(m_view, fmt::format("down_blocks.{}.resnets.{}.conv1.weight", i, j), 0);
                if (!width)
                    break;
                m_levels.back().push_back(
                    {*width, layersIn(fmt::format("down_blocks.{}.attentions.{}", i, j))});
            }
        }
    }

    void addLevels(std::int64_t channels)
    {
        List blocks;
        List multipliers;
        List depths;
        for (const auto& level : m_levels) {
            blocks.push_back(static_cast<std::int64_t>(level.size()));
            if (!level.empty() && channels > 0)
                multipliers.push_back(level.back().width / channels);
            for (const ResBlock& block : level)
                depths.push_back(block.depth);
        }
        if (std::any_of(depths.begin(), depths.end(), [](std::int64_t depth) { return depth > 0; }))
            m_out.evidence.push_back(
                sentence("the transformers of the way down have {} layers, one number a residual block",
                    fmt::join(depths, ", ")));
        m_out.values.emplace_back("num_res_blocks", std::move(blocks));
        m_out.values.emplace_back("channel_mult", std::move(multipliers));
        m_out.values.emplace_back("transformer_depth", std::move(depths));
    }

    std::int64_t middleDepth() const
    {
        const std::int64_t depth = layersIn(m_diffusers ? "mid_block.attentions.0" : "middle_block.1");
        if (depth > 0)
            return depth;
        return m_view.hasPrefix(m_diffusers ? "mid_block." : "middle_block.") ? -1 : -2;
    }

    List upNative() const
    {
        List depths;
        for (int i = 0; m_view.hasPrefix(fmt::format("output_blocks.{}.", i)); ++i)
            depths.push_back(layersIn(fmt::format("output_blocks.{}.1", i)));
        std::reverse(depths.begin(), depths.end());
        return depths;
    }

    List upDiffusers() const
    {
        List depths;
        for (int i = 0; m_view.hasPrefix(fmt::format("up_blocks.{}.", i)); ++i)
            for (int j = 0; m_view.hasPrefix(fmt::format("up_blocks.{}.resnets.{}.", i, j)); ++j)
                depths.push_back(layersIn(fmt::format("up_blocks.{}.attentions.{}", i, j)));
        std::reverse(depths.begin(), depths.end());
        return depths;
    }

    void addConditioning()
    {
        const auto stem
            = [](std::string_view key) { return key.substr(0, key.size() - 7); }; // without ".weight"
        const std::string_view down = m_diffusers ? "down_blocks.*" : "input_blocks.*";
        const std::string_view middle = m_diffusers ? "mid_block.*" : "middle_block.*";
        const auto first = [&](std::string_view suffix) {
            const Key* key = m_view.findGlob(std::string(down) + std::string(suffix));
            return key != nullptr ? key : m_view.findGlob(std::string(middle) + std::string(suffix));
        };
        const Key* cross = first(".transformer_blocks.0.attn2.to_k.weight");
        if (cross != nullptr && cross->shape->size() == 2) {
            add("context_dim", (*cross->shape)[1]);
            m_out.evidence.push_back(
                sentence("`{}` takes {} features", stem(m_view.relative(*cross)), (*cross->shape)[1]));
        }
        for (const std::string_view name :
            {"label_emb.0.0.weight", "add_embedding.linear_1.weight", "class_embedding.linear_1.weight"}) {
            if (const auto width = dimension(m_view, name, 1)) {
                add("adm_in_channels", width);
                m_out.evidence.push_back(sentence("`{}` takes {} features", stem(name), *width));
                break;
            }
        }
        if (const Key* projection = first(".proj_in.weight")) {
            const bool linear = projection->shape->size() == 2;
            m_out.values.emplace_back("use_linear_in_transformer", std::int64_t{linear});
            m_out.evidence.push_back(sentence("`{}` is a {}", stem(m_view.relative(*projection)),
                linear ? "Linear layer" : "1×1 convolution"));
        }
    }

    const KeyView& m_view;
    bool m_diffusers;
    std::vector<std::vector<ResBlock>> m_levels;
    Extracted m_out;
};

} // namespace

Extracted extractUnet(const KeyView& view)
{
    return UnetReader(view).read();
}

Extracted extractAutoencoder(const KeyView& view)
{
    Extracted out;
    const auto add = [&](const char* name, std::optional<std::int64_t> value) {
        if (value)
            out.values.emplace_back(name, *value);
    };
    const bool diffusers = view.hasPrefix("decoder.up_blocks.");
    const auto channels = dimension(view, "decoder.conv_out.weight", 1);
    add("z_channels", dimension(view, "decoder.conv_in.weight", 1));
    add("ch", channels);
    add("embed_dim", dimension(view, "post_quant_conv.weight", 1).value_or(0));
    List multipliers;
    std::int64_t resBlocks = 0;
    for (int i = 0; channels && *channels > 0; ++i) {
        const std::string level = diffusers ? fmt::format("encoder.down_blocks.{}.resnets", i)
                                            : fmt::format("encoder.down.{}.block", i);
        const auto width = dimension(view, level + ".0.conv1.weight", 0);
        if (!width)
            break;
        multipliers.push_back(*width / *channels);
        resBlocks = view.countIndices(level + ".#.");
    }
    if (!multipliers.empty()) {
        add("levels", static_cast<std::int64_t>(multipliers.size()));
        add("num_res_blocks", resBlocks);
        out.values.emplace_back("channel_mult", std::move(multipliers));
    }
    return out;
}

std::optional<Extracted> runExtractor(std::string_view name, const KeyView& view)
{
    if (name == "unet")
        return extractUnet(view);
    if (name == "autoencoder")
        return extractAutoencoder(view);
    return std::nullopt;
}

} // namespace mantissa::arch
