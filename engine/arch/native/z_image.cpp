// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/native/key_rules.h"

namespace mantissa::arch {

std::vector<KeyRule> zImageRules(const DiffusersKeys&)
{
    std::vector<KeyRule> rules{
        {"all_x_embedder.2-1.*", "x_embedder.*"},
        {"all_final_layer.2-1.linear.*", "final_layer.linear.*"},
        {"all_final_layer.2-1.adaLN_modulation.1.*", "final_layer.adaLN_modulation.1.*"},
        {"x_pad_token", "x_pad_token"},
        {"cap_pad_token", "cap_pad_token"},
        {"cap_embedder.#.*", "cap_embedder.#.*"},
        {"t_embedder.mlp.#.*", "t_embedder.mlp.#.*"},
    };
    for (const std::string part : {"layers.#.", "noise_refiner.#.", "context_refiner.#."}) {
        const std::string attention = part + "attention.";
        addFused(
            rules, {attention + "to_q.*", attention + "to_k.*", attention + "to_v.*"}, attention + "qkv.*");
        rules.push_back({attention + "to_out.0.*", attention + "out.*"});
        rules.push_back({attention + "norm_q.weight", attention + "q_norm.weight"});
        rules.push_back({attention + "norm_k.weight", attention + "k_norm.weight"});
        for (const char* same :
            {"attention_norm#.*", "ffn_norm#.*", "feed_forward.w#.*", "adaLN_modulation.0.*"})
            rules.push_back({part + same, part + same});
    }
    return rules;
}

} // namespace mantissa::arch
