// SPDX-License-Identifier: GPL-3.0-or-later
// analyze: a dry run. Reads headers only, or weights too with --errors.
#include "app/cli/command.h"
#include "app/cli/analysis.h"
#include "app/cli/plan_options.h"

namespace mantissa::cli {
namespace {

class Analyze final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("FILE", m_file, "Checkpoint, shard index or diffusers folder").required();
        options.flag("--errors", m_errors, "Read the weights and add the error of each format on each layer");
        options.flag("--layers", m_analysis.layers, "List every layer");
        options
            .add("--sort", m_analysis.sort,
                "Order of the layers with --errors: name, size, or the worst weight, output or denoiser "
                "first")
            .oneOf(sortOrders());
        m_sensitivity.declare(options);
        m_options.declare(options);
        m_options.assumeFormat("float8_e4m3fn");
    }

    int run(const Console& console) override
    {
        std::shared_ptr<const Model> model;
        QuantPlan plan;
        const int code = m_options.prepare(console, m_file, model, plan);
        m_analysis.errors = m_errors ? &m_sensitivity : nullptr;
        return code != 0 ? code : runAnalysis(console, model, plan, m_analysis);
    }

private:
    std::string m_file;
    bool m_errors = false;
    AnalysisOptions m_analysis;
    SensitivityOptions m_sensitivity{false};
    PlanOptions m_options;
};

} // namespace

std::unique_ptr<Command> makeAnalyze()
{
    return std::make_unique<Analyze>();
}

} // namespace mantissa::cli
