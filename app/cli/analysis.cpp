// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/analysis.h"

#include "app/cli/model_json.h"
#include "engine/export/layer_error.h"
#include "engine/export/plan_export.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

namespace mantissa::cli {
namespace {

using Json = nlohmann::ordered_json;

/// SNR in dB of one format on one layer; infinite where it is exact.
struct MeasuredError {
    std::string format;
    ErrorSums sums;

    double snrDb() const { return sums.noise > 0 ? 10 * std::log10(sums.signal / sums.noise) : HUGE_VAL; }
};
using LayerErrors = std::map<std::size_t, std::vector<MeasuredError>>; // by layer index

/// Every stock format that the layer's shape allows, and the planned one.
std::vector<Choice> candidates(const Layer& layer, const Decision& decision, Recipe recipe)
{
    std::vector<Choice> out{decision.choice};
    const MatrixShape shape{layer.shape[0], layer.shape[1]};
    for (const StorageFormat* format : storageFormats()) {
        if (format->info().loader != LoaderSupport::Stock || format->info().id == decision.choice.format)
            continue;
        if (const auto params = format->resolve(shape, {}, recipe))
            out.push_back({std::string(format->info().id), *params});
    }
    return out;
}

Result<LayerErrors> measure(const Console& console, const Model& model, const QuantPlan& plan,
    const ResolvedPlan& resolved, unsigned threads)
{
    const auto named = recipeOf(plan);
    if (!named)
        return tl::unexpected(named.error());
    // Errors of the codes that need no data; what calibration gains shows in the report of 'quantize'.
    const Recipe recipe = dataFreePart(*named);
    struct Work {
        std::size_t layer;
        Choice choice;
    };
    std::vector<Work> work;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        if (resolved.decisions[i].choice.keeps())
            continue;
        for (Choice& choice : candidates(model.layers[i], resolved.decisions[i], recipe)) {
            total += model.source->tensors()[model.layers[i].weight].bytes;
            work.push_back({i, std::move(choice)});
        }
    }
    Progress progress;
    progress.start("measuring", total, static_cast<std::uint32_t>(work.size()));
    const StopOnSignal signals;
    const JobContext job{signals.token(), &progress};
    std::vector<ErrorSums> results(work.size());
    std::atomic<std::size_t> next{0};
    std::mutex failMutex;
    std::optional<Error> failed;
    const auto worker = [&] {
        for (std::size_t i = next++; i < work.size() && !failed; i = next++) {
            auto sums = encodingError(model, model.layers[work[i].layer], work[i].choice, recipe, job);
            if (!sums) {
                const std::scoped_lock lock(failMutex);
                failed = std::move(sums.error());
                return;
            }
            results[i] = *sums;
            progress.addBytes(model.source->tensors()[model.layers[work[i].layer].weight].bytes);
            progress.addItem();
        }
    };
    {
        const ProgressDisplay display(console, progress);
        std::vector<std::jthread> pool;
        const unsigned count = threads != 0 ? threads : std::max(1u, std::thread::hardware_concurrency());
        for (unsigned i = 1; i < count; ++i)
            pool.emplace_back(worker);
        worker();
    }
    if (failed)
        return tl::unexpected(std::move(*failed));
    LayerErrors out;
    for (std::size_t i = 0; i < work.size(); ++i)
        out[work[i].layer].push_back({work[i].choice.format, results[i]});
    return out;
}

Json errorsJson(const std::vector<MeasuredError>& errors)
{
    Json out = Json::object();
    for (const MeasuredError& error : errors) {
        Json row{{"relative_error",
            error.sums.signal > 0 ? std::sqrt(error.sums.noise / error.sums.signal) : 0.0}};
        if (std::isfinite(error.snrDb()))
            row["snr_db"] = error.snrDb();
        out[error.format] = std::move(row);
    }
    return out;
}

Json paramsJson(const FormatParams& params)
{
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
    return out;
}

Json document(const Model& model, const PlannedExport& planned, std::uint64_t fileBytes,
    const LayerErrors& errors, const QuantPlan& plan)
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
        {"kept", resolved.kept}, {"guarded", resolved.guarded}, {"warnings", planned.warnings}};
    out["layers"] = Json::array();
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Decision& decision = resolved.decisions[i];
        Json row{{"name", model.layers[i].name}, {"kind", nameOf(model.layers[i].kind)},
            {"shape", model.layers[i].shape}, {"dtype", nameOf(model.layers[i].dtype)},
            {"format", decision.choice.keeps() ? Json() : Json(decision.choice.format)},
            {"provenance", nameOf(decision.provenance)}, {"why", decision.why},
            {"bytes_before", decision.bytesBefore}, {"bytes_after", decision.bytesAfter}};
        if (!decision.choice.keeps())
            row["params"] = paramsJson(decision.choice.params);
        if (!decision.beaten.empty())
            row["beaten"] = decision.beaten;
        if (const auto found = errors.find(i); found != errors.end())
            row["errors"] = errorsJson(found->second);
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
            decision.choice.keeps() ? "keep" : decision.choice.format, decision.why,
            humanBytes(decision.bytesBefore), humanBytes(decision.bytesAfter)});
    }
    console.print(formatTable(rows, {false, false, false, false, true, true}) + "\n");
}

void printErrors(const Console& console, const Model& model, const LayerErrors& errors)
{
    std::vector<std::string> formats;
    for (const auto& [layer, list] : errors)
        for (const MeasuredError& error : list)
            if (std::find(formats.begin(), formats.end(), error.format) == formats.end())
                formats.push_back(error.format);
    std::vector<std::vector<std::string>> rows{{"layer: SNR in dB"}};
    rows[0].insert(rows[0].end(), formats.begin(), formats.end());
    std::map<std::string, ErrorSums> totals;
    const auto text
        = [](double db) { return std::isfinite(db) ? fmt::format("{:.2f}", db) : std::string("exact"); };
    for (const auto& [layer, list] : errors) {
        std::vector<std::string> row{model.layers[layer].name};
        for (const std::string& format : formats) {
            const auto it
                = std::find_if(list.begin(), list.end(), [&](const auto& e) { return e.format == format; });
            row.push_back(it == list.end() ? "–" : text(it->snrDb()));
            if (it != list.end()) {
                totals[format].signal += it->sums.signal;
                totals[format].noise += it->sums.noise;
            }
        }
        rows.push_back(std::move(row));
    }
    std::vector<std::string> last{"all of them"};
    for (const std::string& format : formats)
        last.push_back(text(MeasuredError{format, totals[format]}.snrDb()));
    rows.push_back(std::move(last));
    console.print(
        formatTable(rows, {false, true, true, true, true, true, true, true, true, true, true}) + "\n");
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
            ++byReason[decision.why].layers;
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

int runAnalysis(const Console& console, const std::shared_ptr<const Model>& model, const QuantPlan& plan,
    const AnalysisOptions& options)
{
    auto planned = assemblePlan(plan, model);
    if (!planned)
        return console.report(planned.error());
    const auto bytes = forecastBytes(planned->assembly);
    if (!bytes)
        return console.report(bytes.error());
    LayerErrors errors;
    if (options.errors) {
        auto measured = measure(console, *model, plan, planned->resolved, options.threads);
        if (!measured)
            return console.report(measured.error());
        errors = std::move(*measured);
    }
    if (console.json) {
        console.document(document(*model, *planned, *bytes, errors, plan));
        return 0;
    }
    console.print(fmt::format("{} ({}), recipe {}{}\n\n", model->architecture.name, model->architecture.id,
        plan.recipe, plan.preset.empty() ? "" : ", preset " + plan.preset));
    if (options.layers)
        printLayers(console, *model, planned->resolved, true);
    if (options.errors)
        printErrors(console, *model, errors);
    printSummary(console, *model, *planned, *bytes);
    for (const std::string& warning : planned->warnings)
        console.warn(warning);
    return 0;
}

} // namespace mantissa::cli
