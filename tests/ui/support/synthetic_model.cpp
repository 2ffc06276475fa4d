// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/synthetic_model.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>

#include <fmt/format.h>

#include <fstream>

namespace mantissa::ui::test {

namespace {

constexpr std::int64_t kWidth = 256;

class SyntheticSource : public TensorSource {
public:
    explicit SyntheticSource(std::vector<TensorInfo> tensors)
    {
        m_info.container = "safetensors";
        m_info.path = "/nowhere/synthetic.safetensors";
        m_info.files.push_back({"/nowhere/synthetic.safetensors", 0, 0});
        for (const TensorInfo& tensor : tensors)
            m_info.files.front().bytes += tensor.bytes;
        setTensors(std::move(tensors));
    }
    Status read(std::size_t, std::uint64_t, std::span<std::byte> dst) const override
    {
        std::fill(dst.begin(), dst.end(), std::byte{0});
        return {};
    }
};

struct Named {
    std::string name;
    LayerKind kind;
    Shape shape;
};

std::vector<Named> layerList(int blocks)
{
    const Shape matrix{kWidth, kWidth}, vector{kWidth};
    std::vector<Named> list{{"model.diffusion_model.x_embedder.proj", LayerKind::Linear, matrix}};
    for (int block = 0; block < blocks; ++block) {
        const std::string at = fmt::format("model.diffusion_model.blocks.{}.", block);
        for (const char* part : {"attn.to_q", "attn.to_k", "attn.to_v", "attn.to_out", "mlp.fc1", "mlp.fc2"})
            list.push_back({at + part, LayerKind::Linear, matrix});
        list.push_back({at + "modulation", LayerKind::Linear, matrix});
        list.push_back({at + "norm1", LayerKind::Norm, vector});
        list.push_back({at + "norm2", LayerKind::Norm, vector});
        list.push_back({at + "conv", LayerKind::Conv2d, {8, 8, 3, 3}});
    }
    list.push_back({"model.diffusion_model.norm_out", LayerKind::Norm, vector});
    list.push_back({"model.diffusion_model.final_layer.linear", LayerKind::Linear, matrix});
    list.push_back({"text_encoder.embed_tokens", LayerKind::Embedding, matrix});
    return list;
}

} // namespace

std::shared_ptr<const Model> makeModel(int blocks)
{
    auto model = std::make_shared<Model>();
    std::vector<TensorInfo> tensors;
    for (const Named& each : layerList(blocks)) {
        TensorInfo tensor;
        tensor.name = each.name + ".weight";
        tensor.dtype = DType::BF16;
        tensor.shape = each.shape;
        tensor.bytes = byteCount(DType::BF16, *elementCount(each.shape)).value();
        Layer layer;
        layer.name = each.name;
        layer.kind = each.kind;
        layer.weight = tensors.size();
        layer.shape = each.shape;
        layer.dtype = DType::BF16;
        layer.component = each.name.starts_with("text_encoder") ? 1 : 0;
        layer.critical = each.name.find("x_embedder") != std::string::npos
            || each.name.find("final_layer") != std::string::npos;
        layer.criticalAt4Bits = each.name.ends_with("modulation");
        if (layer.critical)
            layer.reason = "first and last layers see the latent itself";
        if (layer.criticalAt4Bits)
            layer.reason = "modulation scales every channel of its block";
        tensors.push_back(std::move(tensor));
        model->layers.push_back(std::move(layer));
    }
    model->architecture.name = "Synthetic transformer";
    model->components.resize(2);
    model->components[0].role = "diffusion_model";
    model->components[0].prefix = "model.diffusion_model.";
    model->components[1].role = "text_encoder";
    for (const Layer& layer : model->layers) {
        Component& component = model->components[layer.component];
        component.parameters += static_cast<std::uint64_t>(elementCount(layer.shape).value());
        component.linear += layer.kind == LayerKind::Linear ? 1 : 0;
    }
    model->source = std::make_shared<SyntheticSource>(std::move(tensors));
    return model;
}

OpenedCheckpoint openedModel(int blocks)
{
    OpenedCheckpoint opened;
    opened.model = makeModel(blocks);
    opened.tree = LayerTree::build(*opened.model);
    opened.plan.base.format = "float8_e4m3fn";
    auto state = computePlanState(opened.plan, opened.model, *opened.tree);
    if (state)
        opened.state = std::make_shared<const PlanState>(std::move(*state));
    return opened;
}

void writeSparseCheckpoint(const std::filesystem::path& path, int blocks, std::int64_t lastColumns)
{
    std::string header = "{";
    std::uint64_t offset = 0;
    std::vector<Named> layers = layerList(blocks);
    if (lastColumns > 0)
        layers.push_back({"model.diffusion_model.wide", LayerKind::Linear, {1, lastColumns}});
    for (const Named& each : layers) {
        const std::uint64_t bytes = byteCount(DType::BF16, *elementCount(each.shape)).value();
        std::string shape;
        for (const std::int64_t dimension : each.shape)
            shape += fmt::format("{}{}", shape.empty() ? "" : ",", dimension);
        header
            += fmt::format("{}\"{}.weight\":{{\"dtype\":\"BF16\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
                header.size() == 1 ? "" : ",", each.name, shape, offset, offset + bytes);
        offset += bytes;
    }
    header += "}";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::ofstream file(path, std::ios::binary);
    const std::uint64_t length = header.size();
    for (int byte = 0; byte < 8; ++byte)
        file.put(static_cast<char>(length >> (8 * byte) & 0xff));
    file << header;
    file.close();
    std::filesystem::resize_file(path, 8 + length + offset);
}

std::size_t layerNamed(const Model& model, const std::string& name)
{
    for (std::size_t idx = 0; idx < model.layers.size(); ++idx)
        if (model.layers[idx].name == name)
            return idx;
    throw std::runtime_error("no layer " + name);
}

bool waitFor(const std::function<bool()>& ready, int timeoutMs)
{
    const QDeadlineTimer deadline(timeoutMs);
    while (!ready()) {
        if (deadline.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    }
    return true;
}

} // namespace mantissa::ui::test
