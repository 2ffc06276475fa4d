// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/native/key_rules.h"

namespace mantissa::arch {

namespace {

void addFeedForward(std::vector<KeyRule>& rules, const std::string& from, const std::string& to)
{
    rules.push_back({from + ".linear_1.*", to + ".c_fc1.*"});
    rules.push_back({from + ".linear_2.*", to + ".c_fc2.*"});
    rules.push_back({from + ".out_projection.*", to + ".c_proj.*"});
}

} // namespace

std::vector<KeyRule> auraflowRules(const DiffusersKeys&)
{
    std::vector<KeyRule> rules{
        {"register_tokens", "register_tokens"},
        {"pos_embed.pos_embed", "positional_encoding"},
        {"pos_embed.proj.*", "init_x_linear.*"},
        {"context_embedder.*", "cond_seq_linear.*"},
        {"time_step_proj.linear_1.*", "t_embedder.mlp.0.*"},
        {"time_step_proj.linear_2.*", "t_embedder.mlp.2.*"},
        {"joint_transformer_blocks.#.norm1.linear.*", "double_layers.#.modX.1.*"},
        {"joint_transformer_blocks.#.norm1_context.linear.*", "double_layers.#.modC.1.*"},
        {"joint_transformer_blocks.#.attn.add_q_proj.*", "double_layers.#.attn.w1q.*"},
        {"joint_transformer_blocks.#.attn.add_k_proj.*", "double_layers.#.attn.w1k.*"},
        {"joint_transformer_blocks.#.attn.add_v_proj.*", "double_layers.#.attn.w1v.*"},
        {"joint_transformer_blocks.#.attn.to_add_out.*", "double_layers.#.attn.w1o.*"},
        {"joint_transformer_blocks.#.attn.to_q.*", "double_layers.#.attn.w2q.*"},
        {"joint_transformer_blocks.#.attn.to_k.*", "double_layers.#.attn.w2k.*"},
        {"joint_transformer_blocks.#.attn.to_v.*", "double_layers.#.attn.w2v.*"},
        {"joint_transformer_blocks.#.attn.to_out.0.*", "double_layers.#.attn.w2o.*"},
        {"single_transformer_blocks.#.norm1.linear.*", "single_layers.#.modCX.1.*"},
        {"single_transformer_blocks.#.attn.to_q.*", "single_layers.#.attn.w1q.*"},
        {"single_transformer_blocks.#.attn.to_k.*", "single_layers.#.attn.w1k.*"},
        {"single_transformer_blocks.#.attn.to_v.*", "single_layers.#.attn.w1v.*"},
        {"single_transformer_blocks.#.attn.to_out.0.*", "single_layers.#.attn.w1o.*"},
        {"proj_out.*", "final_linear.*"},
        {"norm_out.linear.*", "modF.1.*", 0, 1, Change::SwapHalves},
    };
    addFeedForward(rules, "joint_transformer_blocks.#.ff", "double_layers.#.mlpX");
    addFeedForward(rules, "joint_transformer_blocks.#.ff_context", "double_layers.#.mlpC");
    addFeedForward(rules, "single_transformer_blocks.#.ff", "single_layers.#.mlp");
    return rules;
}

} // namespace mantissa::arch
