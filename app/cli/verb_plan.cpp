// SPDX-License-Identifier: GPL-3.0-or-later
// plan: writes the plan that quantize would follow, every layer listed.
#include "app/cli/command.h"
#include "app/cli/plan_options.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace mantissa::cli {
namespace {

class Plan final : public Command {
public:
    void declare(CLI::App& app) override
    {
        app.add_option("FILE", m_file, "Checkpoint, shard index or diffusers folder")->required();
        app.add_option("-o,--output", m_output, "The plan file to write (default: standard output)");
        app.add_flag("--overwrite", m_overwrite, "Replace an existing plan file");
        app.add_flag("--rules-only", m_rulesOnly, "Rules without the list of layers");
        m_options.declare(app);
    }

    int run(const Console& console) override
    {
        std::shared_ptr<const Model> model;
        QuantPlan plan;
        if (const int code = m_options.prepare(console, m_file, model, plan); code != 0)
            return code;
        auto resolved = resolvePlan(plan, *model);
        if (!resolved)
            return console.report(resolved.error());
        for (const std::string& warning : resolved->warnings)
            console.warn(warning);
        const std::string text = toJson(m_rulesOnly ? plan : listEveryLayer(plan, *model, *resolved));
        if (m_output.empty()) {
            console.print(text + "\n");
            console.document(nlohmann::ordered_json::parse(text));
            return 0;
        }
        if (Status status = writeTextFile(m_output, text + "\n", m_overwrite); !status)
            return console.report(status.error());
        console.print(
            fmt::format("{}: {} layers quantized, {} kept\n", m_output, resolved->quantized, resolved->kept));
        console.document({{"file", m_output}, {"quantized", resolved->quantized}, {"kept", resolved->kept}});
        return 0;
    }

private:
    std::string m_file, m_output;
    bool m_overwrite = false, m_rulesOnly = false;
    PlanOptions m_options;
};

} // namespace

std::unique_ptr<Command> makePlan()
{
    return std::make_unique<Plan>();
}

} // namespace mantissa::cli
