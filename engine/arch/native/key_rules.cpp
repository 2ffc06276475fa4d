// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/native/key_rules.h"

#include <algorithm>

namespace mantissa::arch {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isCarried(std::string_view rest, bool path)
{
    if (path)
        return rest.ends_with(".weight") || rest.ends_with(".bias");
    return rest == "weight" || rest == "bias";
}

} // namespace

std::optional<std::string> KeyRule::apply(std::string_view key) const
{
    std::vector<std::string_view> numbers;
    std::string_view rest;
    std::size_t at = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (from[i] == '*') {
            rest = key.substr(at);
            if (!isCarried(rest, i + 1 < from.size()))
                return std::nullopt;
            at = key.size();
            break;
        }
        if (from[i] == '#') {
            const std::size_t begin = at;
            while (at < key.size() && isDigit(key[at]))
                ++at;
            if (at == begin)
                return std::nullopt;
            numbers.push_back(key.substr(begin, at - begin));
        } else if (at < key.size() && key[at] == from[i]) {
            ++at;
        } else {
            return std::nullopt;
        }
    }
    if (at != key.size())
        return std::nullopt;
    std::string name;
    std::size_t number = 0;
    for (const char c : to) {
        if (c == '*')
            break;
        if (c == '#' && number < numbers.size())
            name += numbers[number++];
        else
            name += c;
    }
    return name.append(rest);
}

int DiffusersKeys::count(std::string_view pattern) const
{
    const std::size_t hash = pattern.find('#');
    for (int i = 0;; ++i) {
        const std::string start = fmt::format("{}{}{}", pattern.substr(0, hash), i, pattern.substr(hash + 1));
        const auto found = m_tensors.lower_bound(start);
        if (found == m_tensors.end() || !found->first.starts_with(start))
            return i;
    }
}

void addFused(std::vector<KeyRule>& rules, std::initializer_list<std::string_view> from, std::string_view to)
{
    int piece = 0;
    for (const std::string_view key : from)
        rules.push_back({std::string(key), std::string(to), piece++, static_cast<int>(from.size())});
}

const KeyFamily* findKeyFamily(std::string_view architecture)
{
    static const std::vector<KeyFamily> kFamilies{
        {{"sd1", "sd2", "sdxl", "sdxl_refiner"}, {"down_blocks.0.resnets.0.conv1.weight"}, unetRules},
        {{"vae.kl4", "vae.kl16", "vae.flux2"},
            {"encoder.down_blocks.0.resnets.0.conv1.weight", "decoder.up_blocks.0.resnets.0.conv1.weight"},
            vaeRules},
        {{"flux1"}, {"transformer_blocks.0.attn.to_q.weight", "single_transformer_blocks.0.proj_mlp.weight"},
            flux1Rules},
        {{"sd3"}, {"transformer_blocks.0.attn.to_q.weight"}, sd3Rules},
        {{"z_image"}, {"layers.0.attention.to_q.weight"}, zImageRules},
        {{"auraflow"}, {"joint_transformer_blocks.0.attn.to_q.weight"}, auraflowRules},
    };
    for (const KeyFamily& family : kFamilies)
        if (std::find(family.architectures.begin(), family.architectures.end(), architecture)
            != family.architectures.end())
            return &family;
    return nullptr;
}

} // namespace mantissa::arch
