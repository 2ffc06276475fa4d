// SPDX-License-Identifier: GPL-3.0-or-later
// Models made by hand: names, shapes and marks without a file.
#pragma once

#include "engine/model/model.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace mantissa::test {

class FakeSource final : public TensorSource {
public:
    explicit FakeSource(std::vector<TensorInfo> tensors)
    {
        m_info.container = "safetensors";
        m_info.path = "folder/fake.safetensors";
        setTensors(std::move(tensors));
    }
    Status read(std::size_t, std::uint64_t, std::span<std::byte> dst) const override
    {
        std::memset(dst.data(), 0, dst.size());
        return {};
    }
};

/// Collects layers; build() makes the model. Layers belong to the component added last.
class FakeModel {
public:
    explicit FakeModel(std::string architecture = "flux1")
    {
        m_model.architecture.id = std::move(architecture);
    }

    FakeModel& component(std::string role)
    {
        Component component;
        component.role = std::move(role);
        m_model.components.push_back(std::move(component));
        return *this;
    }
    Layer& layer(std::string name, LayerKind kind, Shape shape, DType dtype = DType::BF16)
    {
        if (m_model.components.empty())
            component("diffusion_model");
        Layer layer;
        layer.name = std::move(name);
        layer.kind = kind;
        layer.component = static_cast<std::uint32_t>(m_model.components.size() - 1);
        layer.shape = shape;
        layer.dtype = dtype;
        const bool bare = kind == LayerKind::Parameter || kind == LayerKind::Buffer;
        layer.weight = tensor(bare ? layer.name : layer.name + ".weight", dtype, shape);
        m_model.components.back().parameters += static_cast<std::uint64_t>(elementCount(shape).value_or(0));
        m_model.layers.push_back(std::move(layer));
        return m_model.layers.back();
    }
    Layer& linear(std::string name, std::int64_t rows = 256, std::int64_t cols = 512)
    {
        return layer(std::move(name), LayerKind::Linear, {rows, cols});
    }
    /// Index of the new tensor.
    std::size_t tensor(std::string name, DType dtype, Shape shape)
    {
        TensorInfo info;
        info.name = std::move(name);
        info.dtype = dtype;
        info.bytes = byteCount(dtype, elementCount(shape).value_or(0)).value_or(0);
        info.shape = std::move(shape);
        m_tensors.push_back(std::move(info));
        return m_tensors.size() - 1;
    }
    FakeModel& bias(Layer& layer, std::int64_t size)
    {
        layer.bias = static_cast<std::ptrdiff_t>(tensor(layer.name + ".bias", DType::BF16, {size}));
        return *this;
    }
    Model build()
    {
        m_model.source = std::make_shared<FakeSource>(m_tensors);
        return m_model;
    }

private:
    Model m_model;
    std::vector<TensorInfo> m_tensors;
};

} // namespace mantissa::test
