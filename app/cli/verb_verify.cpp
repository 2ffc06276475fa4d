// SPDX-License-Identifier: GPL-3.0-or-later
// verify: checks every quantized layer against its format's contract and measures errors against the
// original.
#include "app/cli/command.h"
#include "app/cli/plan_options.h"
#include "engine/export/verify.h"
#include "engine/base/json.h"

#include <algorithm>

namespace mantissa::cli {
namespace {

using Json = nlohmann::ordered_json;

class Verify final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("FILE", m_file, "The quantized file").required();
        options.add("--against", m_against, "The original, to measure each layer's error");
        options.add("--min-snr", m_minSnr, "Fail if a layer's signal-to-noise ratio is below this many dB");
        options.flag("--layers", m_layers, "List every layer, not only the worst");
    }

    int run(const Console& console) override
    {
        auto model = openModel(m_file);
        if (!model)
            return console.report(model.error());
        std::shared_ptr<const Model> original;
        if (!m_against.empty()) {
            auto opened = openModel(m_against);
            if (!opened)
                return console.report(opened.error());
            original = std::move(*opened);
            if ((*model)->architecture.form != "diffusers") { // as quantize read it
                std::vector<Sentence> notes;
                auto native = withNativeKeys(std::move(original), {}, notes);
                if (!native)
                    return console.report(native.error());
                original = std::move(*native);
                for (const std::string& note : notes)
                    console.note("original: " + note);
            }
        }
        auto report = runJob(
            console, [&](const JobContext& job) { return verifyModel(**model, original.get(), job); });
        if (!report)
            return console.report(report.error());
        applyLimit(*report);
        if (report->layers.empty())
            report->problems.emplace_back("no layer of the file is quantized");
        print(console, *report);
        if (console.json)
            console.document(document(*report));
        return report->passed() ? 0 : static_cast<int>(ErrorCode::CheckFailed);
    }

private:
    void applyLimit(VerifyReport& report) const
    {
        for (VerifiedLayer& layer : report.layers)
            if (m_minSnr > 0 && layer.problem.empty() && layer.snrDb && *layer.snrDb < m_minSnr) {
                layer.problem
                    = fmt::format("{:.2f} dB is below the limit of {:.2f} dB", *layer.snrDb, m_minSnr);
                ++report.failedLayers;
            }
    }

    Json document(const VerifyReport& report) const
    {
        Json out{{"file", m_file}, {"passed", report.passed()}, {"problems", report.problems}};
        out["layers"] = Json::array();
        for (const VerifiedLayer& layer : report.layers) {
            Json row{{"name", layer.name}, {"format", layer.format},
                {"bytes_before", layer.bytesBefore != 0 ? Json(layer.bytesBefore) : Json()},
                {"bytes_after", layer.bytesAfter}};
            if (layer.relativeError)
                row["relative_error"] = *layer.relativeError;
            if (layer.snrDb)
                row["snr_db"] = *layer.snrDb;
            if (!layer.problem.empty())
                row["problem"] = layer.problem;
            out["layers"].push_back(std::move(row));
        }
        return out;
    }

    void print(const Console& console, const VerifyReport& report) const
    {
        std::vector<const VerifiedLayer*> shown;
        for (const VerifiedLayer& layer : report.layers)
            shown.push_back(&layer);
        const auto badness = [](const VerifiedLayer& layer) {
            return layer.problem.empty() ? (layer.snrDb ? -*layer.snrDb : -1e9) : 1e9;
        };
        if (!m_layers) {
            constexpr std::size_t kWorst = 10;
            std::stable_sort(shown.begin(), shown.end(),
                [&](const auto* a, const auto* b) { return badness(*a) > badness(*b); });
            shown.resize(std::min(shown.size(), kWorst));
        }
        std::vector<std::vector<std::string>> rows{{"layer", "format", "SNR dB", "relative error", ""}};
        for (const VerifiedLayer* layer : shown)
            rows.push_back(
                {layer->name, layer->format, layer->snrDb ? fmt::format("{:.2f}", *layer->snrDb) : "–",
                    layer->relativeError ? fmt::format("{:.5f}", *layer->relativeError) : "–",
                    layer->problem.empty() ? "ok" : layer->problem});
        console.print(formatTable(rows, {false, false, true, true, false}));
        if (!m_layers && report.layers.size() > shown.size())
            console.print(fmt::format(
                "… the {} worst of {} layers (--layers lists all)\n", shown.size(), report.layers.size()));
        for (const std::string& problem : report.problems)
            console.print("problem: " + problem + "\n");
        console.print(fmt::format("{}: {} quantized layers, {} with problems\n",
            report.passed() ? "passed" : "FAILED", report.layers.size(), report.failedLayers));
    }

    std::string m_file, m_against;
    double m_minSnr = 0;
    bool m_layers = false;
};

} // namespace

std::unique_ptr<Command> makeVerify()
{
    return std::make_unique<Verify>();
}

} // namespace mantissa::cli
