// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/provenance.h"
#include "engine/base/json.h"

#include <algorithm>
#include <array>

namespace mantissa {
namespace {

using Json = nlohmann::ordered_json;

Json hyperparametersOf(const Architecture& architecture)
{
    Json out = Json::object();
    for (const auto& hyperparameter : architecture.hyperparameters)
        std::visit([&](const auto& value) { out[hyperparameter.first] = value; }, hyperparameter.second);
    return out;
}

} // namespace

std::string makeProvenance(const QuantPlan& plan, const Model& model)
{
    Json record;
    record["version"] = programVersion();
    record["source"]
        = {{"name", model.source->info().path.filename().string()}, {"xxh3_128", kSourceHashMarker}};
    record["architecture"] = {{"id", model.architecture.id}, {"variant", model.architecture.variant},
        {"prediction", model.architecture.prediction},
        {"hyperparameters", hyperparametersOf(model.architecture)}};
    // Spliced in as text: an ordered object looks keys up one by one, and a plan may list ten thousand
    // layers.
    std::string text = record.dump(-1, ' ', true, Json::error_handler_t::replace);
    text.pop_back();
    return text + R"(,"plan":)" + parseJson(toJson(plan)).dump(-1, ' ', true) + "}";
}

Result<std::optional<ExportRecord>> readProvenance(const SourceInfo& info)
{
    const auto it = info.metadata.find(std::string(kProvenanceKey));
    if (it == info.metadata.end())
        return std::optional<ExportRecord>{};
    const nlohmann::json record = parseJson(it->second);
    const auto text = [](const nlohmann::json& object, const char* key) {
        const auto found = object.is_object() ? object.find(key) : object.end();
        return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (!record.is_object() || !record.contains("plan"))
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            sentence("the metadata entry \"{}\" is not the record of an export", kProvenanceKey),
            info.path.string(), "the tensors can be used all the same; only the plan is lost"});
    ExportRecord out;
    out.version = text(record, "version");
    if (const auto source = record.find("source"); source != record.end()) {
        out.sourceName = text(*source, "name");
        out.sourceHash = text(*source, "xxh3_128");
    }
    auto plan = parsePlan(record["plan"].dump());
    if (!plan)
        return tl::unexpected(std::move(plan.error()).at(info.path.string()));
    out.plan = std::move(*plan);
    return std::optional<ExportRecord>(std::move(out));
}

std::map<std::string, std::string> writtenMetadata(const SourceInfo& info)
{
    std::map<std::string, std::string> out = info.metadata;
    if (info.container != "gguf")
        return out;
    constexpr std::array<std::string_view, 4> kOfTheFile{
        "general.alignment", "general.file_type", "general.quantization_version", "general.quantized_by"};
    constexpr std::array<std::string_view, 4> kGroupsOfTheFile{
        "tokenizer.", "split.", "quantize.", "comfy.gguf."};
    std::erase_if(out, [&](const auto& entry) {
        const std::string_view key = entry.first;
        return std::ranges::find(kOfTheFile, key) != kOfTheFile.end()
            || std::ranges::any_of(
                kGroupsOfTheFile, [&](std::string_view group) { return key.starts_with(group); });
    });
    return out;
}

std::string_view programVersion()
{
    return MANTISSA_VERSION;
}

} // namespace mantissa
