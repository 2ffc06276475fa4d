// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/native/key_rules.h"

namespace mantissa::arch {

std::vector<KeyRule> sd3Rules(const DiffusersKeys& keys)
{
    const int last = keys.count("transformer_blocks.#.") - 1;
    std::vector<KeyRule> rules{
        {"pos_embed.pos_embed", "pos_embed"},
        {"pos_embed.proj.*", "x_embedder.proj.*"},
        {"time_text_embed.timestep_embedder.linear_1.*", "t_embedder.mlp.0.*"},
        {"time_text_embed.timestep_embedder.linear_2.*", "t_embedder.mlp.2.*"},
        {"time_text_embed.text_embedder.linear_1.*", "y_embedder.mlp.0.*"},
        {"time_text_embed.text_embedder.linear_2.*", "y_embedder.mlp.2.*"},
        {"context_embedder.*", "context_embedder.*"},
        // The context ends here, so that this one is scale and shift before a norm, as at the network's end.
        {fmt::format("transformer_blocks.{}.norm1_context.linear.*", last),
            fmt::format("joint_blocks.{}.context_block.adaLN_modulation.1.*", last), 0, 1,
            Change::SwapHalves},
        {"transformer_blocks.#.norm1.linear.*", "joint_blocks.#.x_block.adaLN_modulation.1.*"},
        {"transformer_blocks.#.norm1_context.linear.*", "joint_blocks.#.context_block.adaLN_modulation.1.*"},
        {"transformer_blocks.#.attn.norm_q.weight", "joint_blocks.#.x_block.attn.ln_q.weight"},
        {"transformer_blocks.#.attn.norm_k.weight", "joint_blocks.#.x_block.attn.ln_k.weight"},
        {"transformer_blocks.#.attn.norm_added_q.weight", "joint_blocks.#.context_block.attn.ln_q.weight"},
        {"transformer_blocks.#.attn.norm_added_k.weight", "joint_blocks.#.context_block.attn.ln_k.weight"},
        {"transformer_blocks.#.attn.to_out.0.*", "joint_blocks.#.x_block.attn.proj.*"},
        {"transformer_blocks.#.attn.to_add_out.*", "joint_blocks.#.context_block.attn.proj.*"},
        {"transformer_blocks.#.attn2.norm_q.weight", "joint_blocks.#.x_block.attn2.ln_q.weight"},
        {"transformer_blocks.#.attn2.norm_k.weight", "joint_blocks.#.x_block.attn2.ln_k.weight"},
        {"transformer_blocks.#.attn2.to_out.0.*", "joint_blocks.#.x_block.attn2.proj.*"},
        {"transformer_blocks.#.ff.net.0.proj.*", "joint_blocks.#.x_block.mlp.fc1.*"},
        {"transformer_blocks.#.ff.net.2.*", "joint_blocks.#.x_block.mlp.fc2.*"},
        {"transformer_blocks.#.ff_context.net.0.proj.*", "joint_blocks.#.context_block.mlp.fc1.*"},
        {"transformer_blocks.#.ff_context.net.2.*", "joint_blocks.#.context_block.mlp.fc2.*"},
        {"proj_out.*", "final_layer.linear.*"},
        {"norm_out.linear.*", "final_layer.adaLN_modulation.1.*", 0, 1, Change::SwapHalves},
    };
    for (const std::string attention : {"attn", "attn2"}) {
        const std::string block = fmt::format("transformer_blocks.#.{}.", attention);
        addFused(rules, {block + "to_q.*", block + "to_k.*", block + "to_v.*"},
            fmt::format("joint_blocks.#.x_block.{}.qkv.*", attention));
    }
    const std::string block = "transformer_blocks.#.attn.";
    addFused(rules, {block + "add_q_proj.*", block + "add_k_proj.*", block + "add_v_proj.*"},
        "joint_blocks.#.context_block.attn.qkv.*");
    return rules;
}

} // namespace mantissa::arch
