// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/native/key_rules.h"

namespace mantissa::arch {

namespace {

class UnetRules {
public:
    explicit UnetRules(const DiffusersKeys& keys)
        : m_keys(keys)
    { }

    std::vector<KeyRule> run()
    {
        rename("conv_in", "input_blocks.0.0");
        rename("time_embedding.linear_1", "time_embed.0");
        rename("time_embedding.linear_2", "time_embed.2");
        rename("add_embedding.linear_1", "label_emb.0.0");
        rename("add_embedding.linear_2", "label_emb.0.2");
        rename("conv_norm_out", "out.0");
        rename("conv_out", "out.2");
        const int stride = m_keys.count("down_blocks.0.resnets.#.") + 1;
        addDown(stride);
        residual("mid_block.resnets.0", "middle_block.0");
        attention("mid_block.attentions.0", "middle_block.1");
        residual("mid_block.resnets.1", "middle_block.2");
        addUp(stride);
        return std::move(m_rules);
    }

private:
    void rename(const std::string& from, const std::string& to)
    {
        m_rules.push_back({from + ".*", to + ".*"});
    }

    void residual(const std::string& from, const std::string& to)
    {
        rename(from + ".norm1", to + ".in_layers.0");
        rename(from + ".conv1", to + ".in_layers.2");
        rename(from + ".time_emb_proj", to + ".emb_layers.1");
        rename(from + ".norm2", to + ".out_layers.0");
        rename(from + ".conv2", to + ".out_layers.3");
        rename(from + ".conv_shortcut", to + ".skip_connection");
    }

    /// The inside of a transformer has the same names in both forms.
    void attention(const std::string& from, const std::string& to)
    {
        rename(from + ".norm", to + ".norm");
        rename(from + ".proj_in", to + ".proj_in");
        rename(from + ".proj_out", to + ".proj_out");
        m_rules.push_back({from + ".transformer_blocks.#.**", to + ".transformer_blocks.#.**"});
    }

    /// `stride` native blocks a level: the residual blocks and the sampler after them.
    void addDown(int stride)
    {
        const int levels = m_keys.count("down_blocks.#.");
        for (int i = 0; i < levels; ++i) {
            const std::string level = fmt::format("down_blocks.{}", i);
            for (int j = 0; j + 1 < stride; ++j) {
                const std::string block = fmt::format("input_blocks.{}", stride * i + j + 1);
                residual(fmt::format("{}.resnets.{}", level, j), block + ".0");
                attention(fmt::format("{}.attentions.{}", level, j), block + ".1");
            }
            rename(level + ".downsamplers.0.conv", fmt::format("input_blocks.{}.0.op", stride * (i + 1)));
        }
    }

    void addUp(int stride)
    {
        const int levels = m_keys.count("up_blocks.#.");
        for (int i = 0; i < levels; ++i) {
            const std::string level = fmt::format("up_blocks.{}", i);
            for (int j = 0; j < stride; ++j) {
                const std::string block = fmt::format("output_blocks.{}", stride * i + j);
                residual(fmt::format("{}.resnets.{}", level, j), block + ".0");
                attention(fmt::format("{}.attentions.{}", level, j), block + ".1");
            }
            const bool attends = m_keys.count(level + ".attentions.#.") > 0;
            rename(level + ".upsamplers.0.conv",
                fmt::format("output_blocks.{}.{}.conv", stride * i + stride - 1, attends ? 2 : 1));
        }
    }

    const DiffusersKeys& m_keys;
    std::vector<KeyRule> m_rules;
};

} // namespace

std::vector<KeyRule> unetRules(const DiffusersKeys& keys)
{
    return UnetRules(keys).run();
}

} // namespace mantissa::arch
