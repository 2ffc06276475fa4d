// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/native/key_rules.h"

namespace mantissa::arch {

std::vector<KeyRule> flux1Rules(const DiffusersKeys&)
{
    std::vector<KeyRule> rules{
        {"x_embedder.*", "img_in.*"},
        {"context_embedder.*", "txt_in.*"},
        {"time_text_embed.timestep_embedder.linear_1.*", "time_in.in_layer.*"},
        {"time_text_embed.timestep_embedder.linear_2.*", "time_in.out_layer.*"},
        {"time_text_embed.text_embedder.linear_1.*", "vector_in.in_layer.*"},
        {"time_text_embed.text_embedder.linear_2.*", "vector_in.out_layer.*"},
        {"time_text_embed.guidance_embedder.linear_1.*", "guidance_in.in_layer.*"},
        {"time_text_embed.guidance_embedder.linear_2.*", "guidance_in.out_layer.*"},
        {"transformer_blocks.#.norm1.linear.*", "double_blocks.#.img_mod.lin.*"},
        {"transformer_blocks.#.norm1_context.linear.*", "double_blocks.#.txt_mod.lin.*"},
        {"transformer_blocks.#.attn.norm_q.weight", "double_blocks.#.img_attn.norm.query_norm.scale"},
        {"transformer_blocks.#.attn.norm_k.weight", "double_blocks.#.img_attn.norm.key_norm.scale"},
        {"transformer_blocks.#.attn.norm_added_q.weight", "double_blocks.#.txt_attn.norm.query_norm.scale"},
        {"transformer_blocks.#.attn.norm_added_k.weight", "double_blocks.#.txt_attn.norm.key_norm.scale"},
        {"transformer_blocks.#.attn.to_out.0.*", "double_blocks.#.img_attn.proj.*"},
        {"transformer_blocks.#.attn.to_add_out.*", "double_blocks.#.txt_attn.proj.*"},
        {"transformer_blocks.#.ff.net.0.proj.*", "double_blocks.#.img_mlp.0.*"},
        {"transformer_blocks.#.ff.net.2.*", "double_blocks.#.img_mlp.2.*"},
        {"transformer_blocks.#.ff_context.net.0.proj.*", "double_blocks.#.txt_mlp.0.*"},
        {"transformer_blocks.#.ff_context.net.2.*", "double_blocks.#.txt_mlp.2.*"},
        {"single_transformer_blocks.#.norm.linear.*", "single_blocks.#.modulation.lin.*"},
        {"single_transformer_blocks.#.attn.norm_q.weight", "single_blocks.#.norm.query_norm.scale"},
        {"single_transformer_blocks.#.attn.norm_k.weight", "single_blocks.#.norm.key_norm.scale"},
        {"single_transformer_blocks.#.proj_out.*", "single_blocks.#.linear2.*"},
        {"proj_out.*", "final_layer.linear.*"},
        {"norm_out.linear.*", "final_layer.adaLN_modulation.1.*", 0, 1, Change::SwapHalves},
    };
    const std::string block = "transformer_blocks.#.attn.";
    addFused(rules, {block + "to_q.*", block + "to_k.*", block + "to_v.*"}, "double_blocks.#.img_attn.qkv.*");
    addFused(rules, {block + "add_q_proj.*", block + "add_k_proj.*", block + "add_v_proj.*"},
        "double_blocks.#.txt_attn.qkv.*");
    addFused(rules,
        {"single_transformer_blocks.#.attn.to_q.*", "single_transformer_blocks.#.attn.to_k.*",
            "single_transformer_blocks.#.attn.to_v.*", "single_transformer_blocks.#.proj_mlp.*"},
        "single_blocks.#.linear1.*");
    return rules;
}

} // namespace mantissa::arch
