// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/gguf_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mantissa {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// gguf-py 0.19, tensor_mapping.py, read the other way round.
constexpr std::array<Row, 10> kT5Block{{
    {"attn_q", "layer.0.SelfAttention.q"},
    {"attn_k", "layer.0.SelfAttention.k"},
    {"attn_v", "layer.0.SelfAttention.v"},
    {"attn_o", "layer.0.SelfAttention.o"},
    {"attn_rel_b", "layer.0.SelfAttention.relative_attention_bias"},
    {"attn_norm", "layer.0.layer_norm"},
    {"ffn_gate", "layer.1.DenseReluDense.wi_0"},
    {"ffn_up", "layer.1.DenseReluDense.wi_1"},
    {"ffn_down", "layer.1.DenseReluDense.wo"},
    {"ffn_norm", "layer.1.layer_norm"},
}};
constexpr std::array<Row, 11> kQwenBlock{{
    {"attn_q", "self_attn.q_proj"},
    {"attn_k", "self_attn.k_proj"},
    {"attn_v", "self_attn.v_proj"},
    {"attn_output", "self_attn.o_proj"},
    {"attn_q_norm", "self_attn.q_norm"},
    {"attn_k_norm", "self_attn.k_norm"},
    {"attn_norm", "input_layernorm"},
    {"ffn_gate", "mlp.gate_proj"},
    {"ffn_up", "mlp.up_proj"},
    {"ffn_down", "mlp.down_proj"},
    {"ffn_norm", "post_attention_layernorm"},
}};

struct Spelling {
    std::string_view block, blockElsewhere; ///< before the number of a block
    const Row* rows;
    std::size_t count;
    std::array<Row, 3> outside; ///< whole names
};
constexpr Spelling kT5{"enc.blk.", "encoder.block.", kT5Block.data(), kT5Block.size(),
    {{{"token_embd.weight", "shared.weight"}, {"enc.output_norm.weight", "encoder.final_layer_norm.weight"},
        {}}}};
constexpr Spelling kQwen{"blk.", "model.layers.", kQwenBlock.data(), kQwenBlock.size(),
    {{{"token_embd.weight", "model.embed_tokens.weight"}, {"output_norm.weight", "model.norm.weight"},
        {"output.weight", "lm_head.weight"}}}};

std::string spelled(const std::string& name, const Spelling& spelling)
{
    for (const auto& [here, elsewhere] : spelling.outside)
        if (name == here)
            return std::string(elsewhere);
    if (!name.starts_with(spelling.block))
        return name;
    const std::string_view rest = std::string_view(name).substr(spelling.block.size());
    const std::size_t number = rest.find('.'), last = rest.rfind('.');
    if (number == std::string_view::npos || last == number)
        return name;
    const std::string_view part = rest.substr(number + 1, last - number - 1);
    for (std::size_t i = 0; i < spelling.count; ++i)
        if (spelling.rows[i].first == part) {
            std::string out(spelling.blockElsewhere);
            out += rest.substr(0, number + 1);
            out += spelling.rows[i].second;
            return out += rest.substr(last);
        }
    return name;
}

const Spelling* spellingOf(const std::vector<std::string*>& names, std::string_view architecture)
{
    const auto has = [&](std::string_view wanted) {
        return std::ranges::any_of(names, [&](const std::string* name) { return *name == wanted; });
    };
    if (has("enc.blk.0.attn_q.weight"))
        return &kT5;
    return architecture.starts_with("qwen") && has("blk.0.attn_q.weight") ? &kQwen : nullptr;
}

} // namespace

void spellAsElsewhere(std::vector<std::string*>& names, std::string_view architecture)
{
    const Spelling* spelling = spellingOf(names, architecture);
    if (spelling == nullptr)
        return;
    std::vector<std::string> made;
    made.reserve(names.size());
    for (const std::string* name : names)
        made.push_back(spelled(*name, *spelling));
    std::vector<std::string_view> sorted(made.begin(), made.end());
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) != sorted.end())
        return;
    for (std::size_t i = 0; i < names.size(); ++i)
        *names[i] = std::move(made[i]);
}

} // namespace mantissa
