// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/modules.h"

#include "engine/arch/stored_formats.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace mantissa::arch {

namespace {

using NameIndex = std::unordered_map<std::string_view, std::size_t>;

/// Follow any weight (spec/architectures 3.3, spec/quant-formats 2 and 3).
constexpr std::array kCompanions = {
    std::string_view("comfy_quant"),
    std::string_view("weight_scale"),
    std::string_view("weight_scale_2"),
    std::string_view("weight_scale_inv"),
    std::string_view("input_scale"),
    std::string_view("scale_weight"),
    std::string_view("scale_input"),
    std::string_view("pre_quant_scale"),
    std::string_view("weight_scalar"),
    std::string_view("weight_zeros"),
    std::string_view("weight_zero"),
    std::string_view("weight_s_rel"),
    std::string_view("weight_s_channel"),
    std::string_view("weight_codebook"),
    std::string_view("weight_proj_down"),
    std::string_view("weight_proj_up"),
    std::string_view("weight_smooth_factor"),
    std::string_view("SCB"),
    std::string_view("weight_format"),
    std::string_view("_pre_quant_scale"),
};

/// Common words that are companions only beside a packed weight (nunchaku, GPTQ, AWQ, tile-packed SVDQuant).
constexpr std::array kPackedCompanions = {
    std::string_view("wscales"),
    std::string_view("wzeros"),
    std::string_view("wcscales"),
    std::string_view("wtscale"),
    std::string_view("smooth_factor"),
    std::string_view("smooth_factor_orig"),
    std::string_view("smooth"),
    std::string_view("smooth_orig"),
    std::string_view("proj_down"),
    std::string_view("proj_up"),
    std::string_view("lora_down"),
    std::string_view("lora_up"),
    std::string_view("scales"),
    std::string_view("qzeros"),
    std::string_view("g_idx"),
};

/// ModelOpt and diffusers keep them one level down: L.weight_quantizer._amax,
/// L.input_quantizer._pre_quant_scale.
constexpr std::array kQuantizers = {std::string_view("weight_quantizer"), std::string_view("input_quantizer"),
    std::string_view("output_quantizer")};

template <std::size_t N> bool contains(const std::array<std::string_view, N>& list, std::string_view word)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::pair<std::string_view, std::string_view> splitLast(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos)
        return {{}, name};
    return {name.substr(0, dot), name.substr(dot + 1)};
}

/// Module path if the tensor is a weight; empty if it is not.
std::string_view weightOf(std::string_view name, const NameIndex& names)
{
    const auto has = [&](std::string_view path, std::string_view suffix) {
        std::string key(path);
        key += suffix;
        return names.contains(key);
    };
    const auto [path, last] = splitLast(name);
    if (last == "weight")
        return path;
    if (last == "qweight" && (has(path, ".scales") || has(path, ".wscales") || has(path, ".qzeros")))
        return path;
    if (last == "_data" && path.ends_with(".weight") && has(path, "._scale"))
        return path.substr(0, path.size() - std::string_view(".weight").size());
    if (last == "in_proj_weight")
        return name;
    return {};
}

struct Builder {
    const TensorSource& source;
    NameIndex names; ///< tensor name to tensor index
    NameIndex modules; ///< module path to module index
    std::vector<char> taken; ///< tensor already belongs to a module
    ModuleTable table;

    explicit Builder(const TensorSource& from)
        : source(from)
        , taken(from.tensors().size(), 0)
    {
        names.reserve(from.tensors().size());
        for (std::size_t i = 0; i < from.tensors().size(); ++i)
            names.emplace(from.tensors()[i].name, i);
    }

    void addWeights()
    {
        const auto tensors = source.tensors();
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            const std::string_view path = weightOf(tensors[i].name, names);
            if (path.empty() || modules.contains(path))
                continue;
            modules.emplace(path, table.modules.size());
            Module module;
            module.name = path;
            module.weight = i;
            module.shape = tensors[i].shape;
            table.modules.push_back(std::move(module));
            taken[i] = 1;
        }
    }

    Module* find(std::string_view path)
    {
        const auto it = modules.find(path);
        return it == modules.end() ? nullptr : &table.modules[it->second];
    }

    bool isPacked(const Module& module)
    {
        const std::string& weight = source.tensors()[module.weight].name;
        return weight.ends_with(".qweight") || names.contains(std::string(module.name) + ".comfy_quant");
    }

    /// The module that a tensor other than a weight belongs to; null if none.
    Module* ownerOf(std::string_view name, bool& isBias)
    {
        isBias = false;
        const auto [path, last] = splitLast(name);
        if (last == "bias" || name.ends_with("in_proj_bias")) {
            isBias = true;
            if (last == "bias")
                return find(path);
            return find(std::string(name.substr(0, name.size() - 4)) + "weight");
        }
        if (Module* module = find(path)) {
            if (contains(kCompanions, last) || (contains(kPackedCompanions, last) && isPacked(*module)))
                return module;
        }
        const std::size_t inside = name.find(".weight.");
        if (inside != std::string_view::npos)
            if (Module* module = find(name.substr(0, inside)))
                return module;
        const auto [outer, quantizer] = splitLast(path);
        return contains(kQuantizers, quantizer) ? find(outer) : nullptr;
    }

    void addRest()
    {
        const auto tensors = source.tensors();
        const std::size_t weights = table.modules.size();
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            if (taken[i])
                continue;
            bool isBias = false;
            Module* owner = ownerOf(tensors[i].name, isBias);
            if (owner != nullptr && isBias && owner->bias < 0) {
                owner->bias = static_cast<std::ptrdiff_t>(i);
            } else if (owner != nullptr && !isBias) {
                owner->companions.push_back(i);
            } else {
                Module bare;
                bare.name = tensors[i].name;
                bare.bare = true;
                bare.weight = i;
                bare.shape = tensors[i].shape;
                bareModules.push_back(std::move(bare));
            }
        }
        table.modules.reserve(weights + bareModules.size());
        std::move(bareModules.begin(), bareModules.end(), std::back_inserter(table.modules));
    }

    std::vector<Module> bareModules;
};

} // namespace

ModuleTable groupTensors(const TensorSource& source)
{
    Builder builder(source);
    builder.addWeights();
    builder.addRest();
    readStoredFormats(source, builder.table);
    return std::move(builder.table);
}

} // namespace mantissa::arch
