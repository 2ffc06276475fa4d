// SPDX-License-Identifier: GPL-3.0-or-later
// inspect: what a checkpoint is. Reads headers only.
#include "app/cli/command.h"
#include "app/cli/model_json.h"
#include "app/cli/plan_options.h"
#include "engine/export/provenance.h"
#include "engine/base/json.h"

#include <map>

namespace mantissa::cli {
namespace {

using Json = nlohmann::ordered_json;

class Inspect final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("FILE", m_file, "Checkpoint, shard index or diffusers folder").required();
        options.flag("--layers", m_layers, "List every layer");
        options.flag("--tree", m_tree, "Print the layers as a tree");
        options.add(
            "--architecture", m_overrides.architecture, "What the model is, where detection is wrong");
        options.add("--variant", m_overrides.variant, "Variant, where shapes cannot tell");
        options.add("--prediction", m_overrides.prediction, "Prediction kind: eps, v, flow");
    }

    int run(const Console& console) override
    {
        auto model = openModel(m_file, m_overrides);
        if (!model)
            return reportWithCalls(console, std::move(model.error()));
        if (console.json)
            console.document(document(**model));
        else
            print(console, **model);
        return 0;
    }

private:
    /// A file that was refused may be a pickle that would have run something: say what.
    int reportWithCalls(const Console& console, Error error) const
    {
        if (error.code == ErrorCode::InvalidInput)
            if (const auto calls = listDangerousCalls(m_file); calls && !calls->empty()) {
                std::string list;
                for (const PickleCall& call : *calls)
                    list += fmt::format("{}{} (byte {})", list.empty() ? "" : ", ", call.global, call.offset);
                error.message += "; loading it with Python would call " + list;
                error.hint = "do not load this file with other tools";
            }
        return console.report(error);
    }

    Json document(const Model& model) const
    {
        const SourceInfo& info = model.source->info();
        std::uint64_t bytes = 0;
        for (const SourceFile& file : info.files)
            bytes += file.bytes;
        Json out{{"file", info.path.string()}, {"container", info.container}, {"bytes", bytes},
            {"architecture", architectureJson(model.architecture)}};
        out["components"] = Json::array();
        for (const Component& part : model.components)
            out["components"].push_back({{"role", part.role}, {"id", part.id}, {"prefix", part.prefix},
                {"parameters", part.parameters}, {"bytes", part.bytes}, {"tensors", part.tensors},
                {"linear", part.linear}, {"conv1d", part.conv1d}, {"conv2d", part.conv2d},
                {"conv3d", part.conv3d}, {"embedding", part.embedding}});
        const ExistingQuantization& quantization = model.quantization;
        Json formats = Json::object();
        for (const auto& [format, layers] : quantization.layersByFormat)
            formats[format] = layers;
        out["quantization"] = {{"scheme", quantization.scheme.empty() ? Json() : Json(quantization.scheme)},
            {"by", quantization.by.empty() ? Json() : Json(quantization.by)}, {"layers", formats}};
        out["dtypes"] = dtypeCounts(model);
        out["tensors"] = model.source->tensors().size();
        out["metadata"] = info.metadata;
        out["warnings"] = info.warnings;
        if (m_layers) {
            out["layers"] = Json::array();
            for (const Layer& layer : model.layers)
                out["layers"].push_back(layerJson(layer));
        }
        return out;
    }

    void print(const Console& console, const Model& model) const
    {
        const SourceInfo& info = model.source->info();
        const Architecture& architecture = model.architecture;
        std::uint64_t bytes = 0;
        for (const SourceFile& file : info.files)
            bytes += file.bytes;
        console.print(fmt::format("{}\n{} · {} · {} tensors\n\n", info.path.string(), info.container,
            humanBytes(bytes), model.source->tensors().size()));
        std::string name
            = fmt::format("{} ({}, {})", architecture.name, architecture.id, nameOf(architecture.confidence));
        if (!architecture.variant.empty())
            name += ", " + architecture.variant;
        console.print(name + "\n");
        for (const std::string& evidence : architecture.evidence)
            console.print("  because " + evidence + "\n");
        if (architecture.variant.empty() && architecture.variants.size() > 1)
            console.print(fmt::format(
                "  shapes cannot tell which of: {} (--variant)\n", fmt::join(architecture.variants, ", ")));
        if (!architecture.prediction.empty())
            console.print("  prediction: " + architecture.prediction + "\n");
        for (const auto& [key, value] : architecture.hyperparameters)
            console.print(fmt::format("  {} = {}\n", key, hyperText(value)));
        printComponents(console, model);
        printQuantization(console, model);
        if (m_layers)
            printLayers(console, model);
        if (m_tree)
            printTree(console, model);
        for (const std::string& warning : info.warnings)
            console.warn(warning);
    }

    static void printComponents(const Console& console, const Model& model)
    {
        std::vector<std::vector<std::string>> rows{
            {"component", "what", "prefix", "parameters", "size", "tensors", "Linear", "Conv", "Embedding"}};
        for (const Component& part : model.components)
            rows.push_back({part.role, part.id, part.prefix.empty() ? "–" : part.prefix,
                grouped(part.parameters), humanBytes(part.bytes), grouped(part.tensors), grouped(part.linear),
                grouped(part.conv1d + part.conv2d + part.conv3d), grouped(part.embedding)});
        console.print("\n" + formatTable(rows, {false, false, false, true, true, true, true, true, true}));
    }

    static void printQuantization(const Console& console, const Model& model)
    {
        const ExistingQuantization& quantization = model.quantization;
        if (quantization.scheme.empty()) {
            console.print("\nnot quantized\n");
            return;
        }
        console.print(fmt::format("\nquantized: {}{}\n", quantization.scheme,
            quantization.by.empty() ? "" : " by " + quantization.by));
        for (const auto& [format, layers] : quantization.layersByFormat)
            console.print(fmt::format("  {} layers in {}\n", layers, storedName(format)));
        const auto record = readProvenance(model.source->info());
        if (record && *record)
            console.print(fmt::format("  made by Mantissa {} from {}: recipe {}, preset {}\n",
                (**record).version, (**record).sourceName, (**record).plan.recipe,
                (**record).plan.preset.empty() ? "none" : (**record).plan.preset));
    }

    static void printLayers(const Console& console, const Model& model)
    {
        std::vector<std::vector<std::string>> rows{{"layer", "kind", "dtype", "shape", "format", "critical"}};
        for (const Layer& layer : model.layers)
            rows.push_back({layer.name, std::string(nameOf(layer.kind)), std::string(nameOf(layer.dtype)),
                shapeText(layer.shape), layer.stored ? std::string(nameOf(*layer.stored)) : "",
                layer.critical ? layer.reason : ""});
        console.print("\n" + formatTable(rows));
    }

    static void printTree(const Console& console, const Model& model)
    {
        console.print("\n");
        std::vector<std::string> open;
        for (const Layer& layer : model.layers) {
            std::vector<std::string> path;
            for (std::size_t begin = 0; begin <= layer.name.size();) {
                const std::size_t end = std::min(layer.name.find('.', begin), layer.name.size());
                path.push_back(layer.name.substr(begin, end - begin));
                begin = end + 1;
            }
            std::size_t shared = 0;
            while (shared < open.size() && shared + 1 < path.size() && open[shared] == path[shared])
                ++shared;
            for (std::size_t i = shared; i + 1 < path.size(); ++i)
                console.print(fmt::format("{}{}\n", std::string(2 * i, ' '), path[i]));
            console.print(fmt::format("{}{}  {} {} {}{}\n", std::string(2 * (path.size() - 1), ' '),
                path.back(), nameOf(layer.kind), nameOf(layer.dtype), shapeText(layer.shape),
                layer.stored ? fmt::format(" [{}]", nameOf(*layer.stored)) : ""));
            path.pop_back();
            open = std::move(path);
        }
    }

    std::string m_file;
    DetectionOverrides m_overrides;
    bool m_layers = false, m_tree = false;
};

} // namespace

std::unique_ptr<Command> makeInspect()
{
    return std::make_unique<Inspect>();
}

} // namespace mantissa::cli
