// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_json.h"
#include "engine/base/json.h"

#include <map>

namespace mantissa::cli {

using Json = nlohmann::ordered_json;

Json architectureJson(const Architecture& architecture)
{
    Json hyper = Json::object();
    for (const auto& [name, value] : architecture.hyperparameters)
        std::visit([&hyper, &key = name](const auto& v) { hyper[key] = v; }, value);
    Json out{{"id", architecture.id}, {"name", architecture.name},
        {"confidence", nameOf(architecture.confidence)}, {"evidence", architecture.evidence},
        {"prefix", architecture.prefix}, {"hyperparameters", hyper}};
    out["variant"] = architecture.variant.empty() ? Json() : Json(architecture.variant);
    out["variants"] = architecture.variants;
    out["prediction"] = architecture.prediction.empty() ? Json() : Json(architecture.prediction);
    return out;
}

Json layerJson(const Layer& layer)
{
    Json out{{"name", layer.name}, {"kind", nameOf(layer.kind)}, {"dtype", nameOf(layer.dtype)},
        {"shape", layer.shape}};
    out["format"] = layer.stored ? Json(layer.stored->id) : Json();
    out["critical"] = layer.critical;
    out["reason"] = layer.reason.empty() ? Json() : Json(layer.reason);
    out["block"] = layer.block.empty() ? Json() : Json(layer.block);
    return out;
}

Json dtypeCounts(const Model& model)
{
    std::map<std::string, std::uint64_t> counts;
    for (const TensorInfo& tensor : model.source->tensors())
        ++counts[std::string(tensor.encoding ? tensor.encoding->name : nameOf(tensor.dtype))];
    Json out = Json::object();
    for (const auto& [name, count] : counts)
        out[name] = count;
    return out;
}

std::string shapeText(const Shape& shape)
{
    if (shape.empty())
        return "scalar";
    return fmt::format("{}", fmt::join(shape, " × "));
}

std::string hyperText(const HyperValue& value)
{
    struct Printer {
        std::string operator()(std::int64_t v) const { return std::to_string(v); }
        std::string operator()(double v) const { return fmt::format("{}", v); }
        std::string operator()(const std::string& v) const { return v; }
        std::string operator()(const std::vector<std::int64_t>& v) const
        {
            return fmt::format("{}", fmt::join(v, ", "));
        }
    };
    return std::visit(Printer{}, value);
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

} // namespace mantissa::cli
