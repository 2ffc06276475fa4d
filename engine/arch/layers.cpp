// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/layers.h"

#include "engine/arch/layer_kind.h"
#include "engine/base/pattern.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace mantissa::arch {

namespace {

/// ComfyUI's Cascade filter and the spec's section 11: such convolutions are depthwise or read pixels.
constexpr std::int64_t kFewestConvInputs = 64;

bool isConvolution(LayerKind kind)
{
    return kind == LayerKind::Conv1d || kind == LayerKind::Conv2d || kind == LayerKind::Conv3d;
}

/// The rules of one component, with what they need to know about the whole of it.
class Marker {
public:
    Marker(const Part& part, const KeyView& view, bool hasBlocks)
        : m_rule(part.rule)
        , m_role(part.role)
        , m_hasBlocks(hasBlocks)
    {
        if (m_rule == nullptr)
            return;
        prepare(m_rule->critical, view, m_critical);
        prepare(m_rule->criticalAt4Bits, view, m_criticalAt4Bits);
    }

    void mark(Layer& layer, std::string_view relative) const
    {
        if (m_rule == nullptr) {
            layer.critical = true;
            layer.reason = m_role == "ema" ? "a second, averaged copy of the weights that loaders ignore"
                                           : "belongs to no network of the file";
        } else if (const char* kind = reasonOfKind(layer.kind)) {
            layer.critical = true;
            layer.reason = kind;
        } else if (const CriticalRule* rule = winning(m_critical, layer, relative)) {
            layer.critical = true;
            layer.reason = rule->reason;
        } else if (isConvolution(layer.kind) && layer.shape.size() > 1
            && layer.shape[1] < kFewestConvInputs) {
            layer.critical = true;
            layer.reason
                = "a convolution with fewer than 64 inputs a group: small, and all others see its output";
        } else if (const CriticalRule* at4 = winning(m_criticalAt4Bits, layer, relative)) {
            layer.criticalAt4Bits = true;
            layer.reason = at4->reason;
        }
    }

private:
    struct Prepared {
        const CriticalRule* rule;
        std::optional<Pattern> pattern;
        std::int64_t blocks; ///< how many the network has
    };

    static void prepare(
        const std::vector<CriticalRule>& rules, const KeyView& view, std::vector<Prepared>& out)
    {
        for (const CriticalRule& rule : rules) {
            Prepared prepared{&rule, std::nullopt, 0};
            if (rule.pattern)
                if (auto pattern = Pattern::compile(*rule.pattern)) // tests compile every pattern that ships
                    prepared.pattern = std::move(*pattern);
            if (!rule.blocks.empty())
                prepared.blocks = view.countIndices(rule.blocks + ".#.");
            out.push_back(std::move(prepared));
        }
    }

    const CriticalRule* winning(
        const std::vector<Prepared>& rules, const Layer& layer, std::string_view name) const
    {
        for (const Prepared& prepared : rules)
            if (applies(prepared, layer, name))
                return prepared.rule;
        return nullptr;
    }

    bool applies(const Prepared& prepared, const Layer& layer, std::string_view name) const
    {
        if (prepared.pattern) // a hostile name that takes too many steps is no layer of ours
            return prepared.pattern->search(name).value_or(false);
        const CriticalRule& rule = *prepared.rule;
        if (rule.convolutions)
            return isConvolution(layer.kind);
        if (rule.outsideBlocks)
            return m_hasBlocks && layer.block.empty();
        const std::string_view block = layer.block;
        if (rule.blocks.empty() || block.size() <= rule.blocks.size() || !block.starts_with(rule.blocks)
            || block[rule.blocks.size()] != '.')
            return false;
        std::int64_t index = 0;
        const char* end = block.data() + block.size();
        if (std::from_chars(block.data() + rule.blocks.size() + 1, end, index).ptr != end)
            return false;
        return index < rule.first || index >= prepared.blocks - rule.last;
    }

    static const char* reasonOfKind(LayerKind kind)
    {
        switch (kind) {
        case LayerKind::Norm:
            return "normalisation weights are few and sensitive";
        case LayerKind::Embedding:
            return "embedding tables are looked up, not multiplied";
        case LayerKind::Parameter:
            return "a free parameter, not the weight of a Linear layer";
        case LayerKind::Buffer:
            return "a constant of the model, not a weight";
        default:
            return nullptr;
        }
    }

    const ArchitectureRule* m_rule;
    std::string m_role;
    bool m_hasBlocks;
    std::vector<Prepared> m_critical, m_criticalAt4Bits;
};

std::uint64_t elementsOf(const Shape& shape)
{
    return static_cast<std::uint64_t>(elementCount(shape).value_or(0));
}

void count(Component& component, const Layer& layer, const TensorSource& source)
{
    const auto add = [&](std::size_t tensor) {
        ++component.tensors;
        component.bytes += source.tensors()[tensor].storedBytes();
    };
    add(layer.weight);
    const bool counter
        = layer.kind == LayerKind::Buffer && !isTrainingFloat(layer.dtype); // position ids, markers
    component.parameters += counter ? 0 : elementsOf(layer.shape);
    if (layer.bias >= 0) {
        add(static_cast<std::size_t>(layer.bias));
        component.parameters += elementsOf(source.tensors()[static_cast<std::size_t>(layer.bias)].shape);
    }
    for (const std::size_t companion : layer.companions)
        add(companion);
    switch (layer.kind) {
    case LayerKind::Linear:
        ++component.linear;
        break;
    case LayerKind::Conv1d:
        ++component.conv1d;
        break;
    case LayerKind::Conv2d:
        ++component.conv2d;
        break;
    case LayerKind::Conv3d:
        ++component.conv3d;
        break;
    case LayerKind::Embedding:
        ++component.embedding;
        break;
    default:
        break;
    }
}

std::vector<Layer> makeLayers(const Model& model, const ModuleTable& table, const std::vector<Part>& parts)
{
    std::vector<Layer> layers;
    layers.reserve(table.modules.size());
    for (const Module& module : table.modules) {
        Layer layer;
        layer.name = module.name;
        layer.dtype = model.source->tensors()[module.weight].dtype;
        layer.kind = kindOf(module, layer.dtype);
        layer.component = partOf(module.name, parts);
        // A bare tensor may be shorter than the prefix only if it is not below it, so this cannot underflow.
        layer.block = blockOf(std::string_view(layer.name).substr(parts[layer.component].prefix.size()));
        layer.weight = module.weight;
        layer.bias = module.bias;
        layer.companions = module.companions;
        layer.shape = module.shape;
        layer.stored = module.stored;
        layers.push_back(std::move(layer));
    }
    return layers;
}

void sortNaturally(std::vector<Layer>& layers)
{
    std::vector<std::size_t> order(layers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (layers[a].component != layers[b].component)
            return layers[a].component < layers[b].component;
        return naturalLess(layers[a].name, layers[b].name);
    });
    std::vector<Layer> sorted;
    sorted.reserve(layers.size());
    for (const std::size_t index : order)
        sorted.push_back(std::move(layers[index]));
    layers = std::move(sorted);
}

} // namespace

void buildLayers(
    Model& model, const ModuleTable& table, const std::vector<Part>& parts, const Identifier& identifier)
{
    model.layers = makeLayers(model, table, parts);
    sortNaturally(model.layers);
    std::vector<char> hasBlocks(parts.size(), 0);
    for (const Layer& layer : model.layers)
        if (!layer.block.empty())
            hasBlocks[layer.component] = 1;
    std::vector<Marker> markers;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        markers.emplace_back(parts[i], identifier.view(parts[i].prefix), hasBlocks[i] != 0);
        Component component;
        component.role = parts[i].role;
        component.id = parts[i].found ? parts[i].found.rule->id : "unknown";
        component.prefix = parts[i].prefix;
        model.components.push_back(std::move(component));
    }
    for (Layer& layer : model.layers) {
        markers[layer.component].mark(
            layer, std::string_view(layer.name).substr(parts[layer.component].prefix.size()));
        count(model.components[layer.component], layer, *model.source);
    }
    if (model.components.size() > 1 && model.components.back().tensors == 0)
        model.components.pop_back();
}

} // namespace mantissa::arch
