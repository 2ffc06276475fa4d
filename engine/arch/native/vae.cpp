// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/native/key_rules.h"

namespace mantissa::arch {

namespace {

void addResidual(std::vector<KeyRule>& rules, const std::string& from, const std::string& to)
{
    for (const char* same : {"norm1", "conv1", "norm2", "conv2"})
        rules.push_back({fmt::format("{}.{}.*", from, same), fmt::format("{}.{}.*", to, same)});
    rules.push_back({from + ".conv_shortcut.*", to + ".nin_shortcut.*"});
}

/// The names of today and those of diffusers before 0.15.
void addAttention(std::vector<KeyRule>& rules, const std::string& from, const std::string& to)
{
    rules.push_back({from + ".group_norm.*", to + ".norm.*"});
    const std::pair<const char*, const char*> projections[] = {{"to_q", "q"}, {"to_k", "k"}, {"to_v", "v"},
        {"to_out.0", "proj_out"}, {"query", "q"}, {"key", "k"}, {"value", "v"}, {"proj_attn", "proj_out"}};
    for (const auto& [name, native] : projections)
        rules.push_back({fmt::format("{}.{}.*", from, name), fmt::format("{}.{}.*", to, native), 0, 1,
            Change::Pointwise});
}

} // namespace

std::vector<KeyRule> vaeRules(const DiffusersKeys& keys)
{
    std::vector<KeyRule> rules{
        {"quant_conv.*", "quant_conv.*"}, {"post_quant_conv.*", "post_quant_conv.*"}, {"bn.*", "bn.*"}};
    for (const std::string part : {"encoder", "decoder"}) {
        rules.push_back({part + ".conv_in.*", part + ".conv_in.*"});
        rules.push_back({part + ".conv_norm_out.*", part + ".norm_out.*"});
        rules.push_back({part + ".conv_out.*", part + ".conv_out.*"});
        addResidual(rules, part + ".mid_block.resnets.0", part + ".mid.block_1");
        addAttention(rules, part + ".mid_block.attentions.0", part + ".mid.attn_1");
        addResidual(rules, part + ".mid_block.resnets.1", part + ".mid.block_2");
    }
    addResidual(rules, "encoder.down_blocks.#.resnets.#", "encoder.down.#.block.#");
    rules.push_back({"encoder.down_blocks.#.downsamplers.0.conv.*", "encoder.down.#.downsample.conv.*"});
    const int levels = keys.count("decoder.up_blocks.#.");
    for (int i = 0; i < levels; ++i) { // native decoders count their levels from the finest
        const std::string from = fmt::format("decoder.up_blocks.{}", i);
        const std::string to = fmt::format("decoder.up.{}", levels - 1 - i);
        addResidual(rules, from + ".resnets.#", to + ".block.#");
        rules.push_back({from + ".upsamplers.0.conv.*", to + ".upsample.conv.*"});
    }
    return rules;
}

} // namespace mantissa::arch
