// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/layer_kind.h"

#include <algorithm>
#include <array>

namespace mantissa::arch {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isInteger(DType dtype)
{
    switch (dtype) {
    case DType::Bool:
    case DType::U8:
    case DType::I8:
    case DType::I16:
    case DType::U16:
    case DType::I32:
    case DType::U32:
    case DType::I64:
    case DType::U64:
        return true;
    default:
        return false;
    }
}

std::string_view lastComponent(std::string_view name)
{
    return name.substr(name.rfind('.') + 1);
}

/// Last components of genuine embedding tables. Most "…_embedder" and "…_embedding.0" modules are Linear.
constexpr std::array<std::string_view, 22> kTables{"token_embedding", "token_embedder", "position_embedding",
    "positional_embedding", "embed_tokens", "embed_positions", "tok_embeddings", "word_embeddings",
    "position_embeddings", "token_type_embeddings", "relative_attention_bias", "embedding_table", "shared",
    "wte", "wpe", "codebook", "cond_type_embedding", "addition_t_embedding", "controlnet_mode_embedder",
    "task_embedding", "trainable_cond_mask", "embedding"};

bool isTable(const Module& module)
{
    if (module.bias >= 0) // nn.Embedding has none
        return false;
    const std::string_view last = lastComponent(module.name);
    return std::find(kTables.begin(), kTables.end(), last) != kTables.end() || last.ends_with("pos_embedding")
        || last.ends_with("position_embedding");
}

constexpr std::array<std::string_view, 15> kBuffers{"num_batches_tracked", "running_mean", "running_var",
    "position_ids", "freqs", "inv_freq", "betas", "betas_cumprod", "posterior_variance", "logit_scale",
    "v_pred", "ztsnr", "scaled_fp8", "attn_mask", "relative_position_index"};

LayerKind kindOfBare(const Module& module, DType dtype)
{
    const std::string_view last = lastComponent(module.name);
    if (last == "in_proj_weight" && module.shape.size() == 2)
        return LayerKind::Linear;
    if (isInteger(dtype) || module.shape.empty()
        || std::find(kBuffers.begin(), kBuffers.end(), last) != kBuffers.end()
        || last.find("alphas_cumprod") != std::string_view::npos || last.starts_with("posterior_"))
        return LayerKind::Buffer;
    const auto wide
        = std::count_if(module.shape.begin(), module.shape.end(), [](std::int64_t d) { return d != 1; });
    if (wide <= 1 && (last == "scale" || last == "gamma" || last.ends_with("norm")))
        return LayerKind::Norm;
    return LayerKind::Parameter;
}

} // namespace

LayerKind kindOf(const Module& module, DType dtype)
{
    if (module.bare || lastComponent(module.name) == "in_proj_weight")
        return kindOfBare(module, dtype);
    if (isInteger(dtype) && !module.stored)
        return module.shape.size() == 2 && isTable(module) ? LayerKind::Embedding : LayerKind::Buffer;
    switch (module.shape.size()) {
    case 1:
        return LayerKind::Norm;
    case 2:
        return isTable(module) ? LayerKind::Embedding : LayerKind::Linear;
    case 3: // banks of experts are stacked matrices, not convolutions
        return module.name.find("experts") == std::string_view::npos ? LayerKind::Conv1d
                                                                     : LayerKind::Parameter;
    case 4:
        return LayerKind::Conv2d;
    case 5:
        return LayerKind::Conv3d;
    default:
        return LayerKind::Parameter;
    }
}

std::string_view blockOf(std::string_view relativeName)
{
    std::size_t begin = 0;
    while (begin < relativeName.size()) {
        const std::size_t end = std::min(relativeName.find('.', begin), relativeName.size());
        const std::string_view part = relativeName.substr(begin, end - begin);
        const bool number = !part.empty() && std::all_of(part.begin(), part.end(), isDigit);
        if (number && begin > 0 && end < relativeName.size()) // a trailing number is a place in a Sequential
            return relativeName.substr(0, end);
        begin = end + 1;
    }
    return {};
}

bool naturalLess(std::string_view a, std::string_view b)
{
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (!isDigit(a[i]) || !isDigit(b[j])) {
            if (a[i] != b[j])
                return a[i] < b[j];
            ++i;
            ++j;
            continue;
        }
        const auto digits = [](std::string_view text, std::size_t& at) {
            while (at < text.size() && text[at] == '0')
                ++at;
            const std::size_t begin = at;
            while (at < text.size() && isDigit(text[at]))
                ++at;
            return text.substr(begin, at - begin);
        };
        const std::string_view left = digits(a, i);
        const std::string_view right = digits(b, j);
        if (left.size() != right.size())
            return left.size() < right.size();
        if (left != right)
            return left < right;
    }
    if (a.size() - i != b.size() - j)
        return a.size() - i < b.size() - j;
    return a < b; // only leading zeros differ
}

} // namespace mantissa::arch
