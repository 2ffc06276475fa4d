// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/analysis.h"

#include "app/cli/model_json.h"
#include "engine/export/plan_export.h"
#include "engine/base/json.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mantissa::cli {
namespace {

using Json = nlohmann::ordered_json;

/// −10·log10 of an error as a power ratio; infinite where it is exact.
double snrDb(double error)
{
    return error > 0 ? -10 * std::log10(error) : HUGE_VAL;
}

void errorJson(double error, Json& row, const std::string& prefix)
{
    row[prefix + "relative_error"] = std::sqrt(error);
    if (std::isfinite(snrDb(error)))
        row[prefix + "snr_db"] = snrDb(error);
}

/// By format, and under "denoiser" what the probe saw.
Json errorsJson(const LayerSensitivity& layer)
{
    Json out = Json::object();
    for (const ChoiceSensitivity& choice : layer.choices) {
        if (choice.choice.keeps() || !choice.weightError)
            continue;
        Json row = Json::object();
        errorJson(*choice.weightError, row, "");
        if (choice.outputError)
            errorJson(*choice.outputError, row, "output_");
        row["bytes"] = choice.bytes;
        out[choice.choice.format] = std::move(row);
    }
    return out;
}

const ChoiceSensitivity* inFormat(const LayerSensitivity& layer, std::string_view format)
{
    for (const ChoiceSensitivity& choice : layer.choices)
        if (!choice.choice.keeps() && choice.choice.format == format)
            return &choice;
    return nullptr;
}

/// Rows of the table in the order that was asked for; errors are those of the planned format.
std::vector<std::size_t> sortedRows(
    const SensitivityTable& table, const ResolvedPlan& resolved, const std::string& order)
{
    const auto keyOf = [&](const LayerSensitivity& layer) {
        if (order == "size")
            return static_cast<double>(layer.weights);
        if (order == "denoiser")
            return layer.probe ? layer.probe->error : -1.0;
        const ChoiceSensitivity* planned = inFormat(layer, resolved.decisions[layer.layer].choice.format);
        if (planned == nullptr)
            return -1.0;
        return (order == "output" ? planned->outputError : planned->weightError).value_or(-1.0);
    };
    std::vector<std::size_t> rows(table.layers.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = i;
    if (order != "name")
        std::stable_sort(rows.begin(), rows.end(),
            [&](std::size_t a, std::size_t b) { return keyOf(table.layers[a]) > keyOf(table.layers[b]); });
    return rows;
}

Json paramsJson(const Choice& choice)
{
    const FormatParams& params = choice.params;
    Json out = Json::object();
    if (!params.scaling.empty())
        out["scaling"] = params.scaling;
    if (params.blockSize != 0)
        out["block_size"] = params.blockSize;
    if (params.convrotGroup && *params.convrotGroup != 0)
        out["convrot"] = *params.convrotGroup;
    if (!params.linearDtype.empty())
        out["linear_dtype"] = params.linearDtype;
    if (params.bits != 0)
        out["bits"] = params.bits;
    if (params.rank != 0)
        out["rank"] = params.rank;
    if (choice.inputClip != 0)
        out["input_clip"] = choice.inputClip;
    return out;
}

Json findingsJson(const Model& model, const std::vector<Finding>& findings)
{
    Json out = Json::array();
    for (const Finding& finding : findings) {
        Json row{{"id", finding.id}, {"severity", nameOf(finding.severity)}, {"text", finding.text.text()}};
        row["layers"] = Json::array();
        for (const std::size_t layer : finding.layers)
            row["layers"].push_back(model.layers[layer].name);
        row["fixes"] = Json::array();
        for (const PlanFix& fix : finding.fixes)
            row["fixes"].push_back(fix.label);
        out.push_back(std::move(row));
    }
    return out;
}

Json document(const Model& model, const PlannedExport& planned, std::uint64_t fileBytes,
    const SensitivityTable& table, const std::vector<std::size_t>& order, const QuantPlan& plan)
{
    std::uint64_t sourceBytes = 0;
    for (const SourceFile& file : model.source->info().files)
        sourceBytes += file.bytes;
    const ResolvedPlan& resolved = planned.resolved;
    Json out{{"file", model.source->info().path.string()},
        {"architecture", architectureJson(model.architecture)}, {"format", plan.base.format},
        {"recipe", plan.recipe}, {"preset", plan.preset}, {"bytes_before", sourceBytes},
        {"bytes_after", fileBytes}, {"data_bytes_before", resolved.dataBytesBefore},
        {"data_bytes_after", resolved.dataBytesAfter}, {"quantized", resolved.quantized},
        {"kept", resolved.kept}, {"guarded", resolved.guarded}, {"warnings", planned.warnings},
        {"findings", findingsJson(model, resolved.findings)}};
    if (!table.layers.empty()) {
        out["errors"] = {{"recipe", table.recipe == Recipe::Fast ? "fast" : "absmax"},
            {"statistics", table.statistics.empty() ? Json() : Json(table.statistics)},
            {"probe_calls", table.probe.calls}};
    }
    // Measured layers first, in the order that was asked for.
    std::vector<const LayerSensitivity*> measured(model.layers.size(), nullptr);
    std::vector<std::size_t> layers;
    for (const std::size_t row : order) {
        measured[table.layers[row].layer] = &table.layers[row];
        layers.push_back(table.layers[row].layer);
    }
    const bool sorted = !std::is_sorted(layers.begin(), layers.end());
    if (!sorted)
        layers.clear();
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        if (!sorted || measured[i] == nullptr)
            layers.push_back(i);
    out["layers"] = Json::array();
    for (const std::size_t i : layers) {
        const Decision& decision = resolved.decisions[i];
        Json row{{"name", model.layers[i].name}, {"kind", nameOf(model.layers[i].kind)},
            {"shape", model.layers[i].shape}, {"dtype", nameOf(model.layers[i].dtype)},
            {"format", decision.choice.keeps() ? Json() : Json(decision.choice.format)},
            {"provenance", nameOf(decision.provenance)}, {"why", decision.why.text()},
            {"bytes_before", decision.bytesBefore}, {"bytes_after", decision.bytesAfter}};
        if (!decision.choice.keeps())
            row["params"] = paramsJson(decision.choice);
        for (const Message& beaten : decision.beaten)
            row["beaten"].push_back(beaten.text());
        if (const LayerSensitivity* layer = measured[i]) {
            row["errors"] = errorsJson(*layer);
            row["inputs"] = nameOf(layer->evidence);
            if (layer->probe) {
                row["denoiser"] = {{"probed_with", layer->probe->choice}};
                errorJson(layer->probe->error, row["denoiser"], "");
            }
        }
        out["layers"].push_back(std::move(row));
    }
    return out;
}

void printLayers(const Console& console, const Model& model, const ResolvedPlan& resolved, bool all)
{
    std::vector<std::vector<std::string>> rows{{"layer", "shape", "format", "because", "before", "after"}};
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Decision& decision = resolved.decisions[i];
        if (!all && decision.provenance == Provenance::Untouched)
            continue;
        rows.push_back({model.layers[i].name, shapeText(model.layers[i].shape),
            decision.choice.keeps() ? "keep" : decision.choice.format, decision.why.text(),
            humanBytes(decision.bytesBefore), humanBytes(decision.bytesAfter)});
    }
    console.print(formatTable(rows, {false, false, false, false, true, true}) + "\n");
}

void printErrors(const Console& console, const SensitivityTable& table, const std::vector<std::size_t>& order)
{
    const auto text
        = [](double db) { return std::isfinite(db) ? fmt::format("{:.2f}", db) : std::string("exact"); };
    const bool outputs = measureOf(table) != HarmMeasure::WeightError && !table.statistics.empty();
    std::vector<std::string> formats;
    for (const StorageFormat* format : storageFormats())
        for (const LayerSensitivity& layer : table.layers)
            if (inFormat(layer, format->info().id) != nullptr) {
                formats.emplace_back(format->info().id);
                break;
            }
    std::vector<std::vector<std::string>> rows{
        {outputs ? "layer: SNR of its output in dB" : "layer: SNR of its weight in dB"}};
    rows[0].insert(rows[0].end(), formats.begin(), formats.end());
    if (table.probe.calls > 0)
        rows[0].emplace_back("denoiser");
    const auto errorOf = [&](const ChoiceSensitivity& choice) {
        return outputs && choice.outputError ? *choice.outputError : choice.weightError.value_or(0);
    };
    std::vector<double> sums(formats.size(), 0), counts(formats.size(), 0);
    for (const std::size_t index : order) {
        const LayerSensitivity& layer = table.layers[index];
        std::vector<std::string> row{layer.name};
        for (std::size_t f = 0; f < formats.size(); ++f) {
            const ChoiceSensitivity* choice = inFormat(layer, formats[f]);
            row.push_back(choice == nullptr ? "–" : text(snrDb(errorOf(*choice))));
            if (choice != nullptr) {
                sums[f] += errorOf(*choice);
                counts[f] += 1;
            }
        }
        if (table.probe.calls > 0)
            row.push_back(layer.probe ? text(snrDb(layer.probe->error)) : "–");
        rows.push_back(std::move(row));
    }
    std::vector<std::string> last{"mean"};
    for (std::size_t f = 0; f < formats.size(); ++f)
        last.push_back(text(snrDb(sums[f] / std::max(1.0, counts[f]))));
    if (table.probe.calls > 0)
        last.emplace_back();
    rows.push_back(std::move(last));
    std::vector<bool> right(rows[0].size(), true);
    right[0] = false;
    console.print(formatTable(rows, right) + "\n");
    if (table.probe.calls > 0)
        console.print(fmt::format("denoiser: SNR of its output with this layer alone in its smallest format, "
                                  "mean of {} calls\n\n",
            table.probe.calls));
}

void printSummary(
    const Console& console, const Model& model, const PlannedExport& planned, std::uint64_t fileBytes)
{
    struct Sum {
        std::uint32_t layers = 0;
        std::uint64_t before = 0, after = 0;
    };
    std::map<std::string, Sum> byFormat, byReason;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Decision& decision = planned.resolved.decisions[i];
        if (decision.choice.keeps() && decision.provenance != Provenance::Untouched) {
            ++byReason[decision.why.text()].layers;
            continue;
        }
        Sum& sum = byFormat[decision.choice.keeps() ? "untouched" : decision.choice.format];
        ++sum.layers;
        sum.before += decision.bytesBefore;
        sum.after += decision.bytesAfter;
    }
    std::vector<std::vector<std::string>> rows{{"format", "layers", "before", "after"}};
    for (const auto& [format, sum] : byFormat)
        rows.push_back({format, grouped(sum.layers), humanBytes(sum.before), humanBytes(sum.after)});
    console.print(formatTable(rows, {false, true, true, true}));
    if (!byReason.empty())
        console.print("kept as they are:\n");
    for (const auto& [reason, sum] : byReason)
        console.print(fmt::format("  {:>5}  {}\n", sum.layers, reason));
    std::uint64_t before = 0;
    for (const SourceFile& file : model.source->info().files)
        before += file.bytes;
    const double saved
        = before > 0 ? 100.0 * (1.0 - static_cast<double>(fileBytes) / static_cast<double>(before)) : 0;
    console.print(fmt::format("{} → {} ({} bytes), {:.1f} % saved; {} layers quantized, {} kept\n",
        humanBytes(before), humanBytes(fileBytes), grouped(fileBytes), saved, planned.resolved.quantized,
        planned.resolved.kept));
}

} // namespace

const std::vector<std::string>& sortOrders()
{
    static const std::vector<std::string> kOrders{"name", "size", "weight", "output", "denoiser"};
    return kOrders;
}

int runAnalysis(const Console& console, const std::shared_ptr<const Model>& model, const QuantPlan& plan,
    const AnalysisOptions& options)
{
    auto planned = assemblePlan(plan, model);
    if (!planned)
        return console.report(planned.error());
    const auto bytes = forecastBytes(planned->assembly);
    if (!bytes)
        return console.report(bytes.error());
    SensitivityTable table;
    if (options.errors) {
        auto candidates = sensitivityOfPlan(plan, *model, planned->resolved);
        if (!candidates)
            return console.report(candidates.error());
        table = std::move(*candidates);
        Status measured = runJob(console,
            [&](const JobContext& job) { return options.errors->measure(console, table, model, job); });
        if (!measured) {
            if (measured.error().code == ErrorCode::Cancelled && !options.errors->tablePath().empty())
                measured.error().hint = "the same command goes on where it stopped";
            return console.report(measured.error());
        }
    }
    const std::vector<std::size_t> order = sortedRows(table, planned->resolved, options.sort);
    if (console.json) {
        console.document(document(*model, *planned, *bytes, table, order, plan));
        return 0;
    }
    console.print(fmt::format("{} ({}), recipe {}{}\n\n", model->architecture.name, model->architecture.id,
        plan.recipe, plan.preset.empty() ? "" : ", preset " + plan.preset));
    if (options.layers)
        printLayers(console, *model, planned->resolved, true);
    if (options.errors)
        printErrors(console, table, order);
    printSummary(console, *model, *planned, *bytes);
    for (const std::string& warning : planned->warnings)
        console.warn(warning);
    for (const Finding& finding : planned->resolved.findings)
        if (finding.severity == Severity::Note)
            console.print("note: " + finding.text.text() + "\n");
    return 0;
}

} // namespace mantissa::cli
