// SPDX-License-Identifier: GPL-3.0-or-later
// plan: writes the plan that quantize would follow, every layer listed; with --budget, the one of least harm
// that fits a size; with --rules-for, either as rules of another tool.
#include "app/cli/command.h"
#include "app/cli/model_json.h"
#include "app/cli/plan_options.h"
#include "app/cli/sensitivity_options.h"
#include "engine/plan/rule_export.h"
#include "engine/sensitivity/budget_plan.h"
#include "engine/base/json.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mantissa::cli {
namespace {

using Json = nlohmann::ordered_json;

struct FormatCount {
    std::size_t layers = 0;
    std::uint64_t bytes = 0;
};

/// What the mix gives each format.
std::map<std::string, FormatCount> countsOf(const SensitivityTable& table, const BudgetPlan& made)
{
    std::map<std::string, FormatCount> counts;
    for (std::size_t i = 0; i < table.layers.size(); ++i) {
        const ChoiceSensitivity& chosen = table.layers[i].choices[made.solution.chosen[i]];
        FormatCount& count = counts[chosen.choice.keeps() ? "keep" : chosen.choice.format];
        ++count.layers;
        count.bytes += chosen.bytes;
    }
    return counts;
}

class Plan final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("FILE", m_file, "Checkpoint, shard index or diffusers folder").required();
        options.add("-o,--output", m_output, "The plan file to write (default: standard output)");
        options.flag("--overwrite", m_overwrite, "Replace an existing plan file");
        options.flag("--rules-only", m_rulesOnly, "Rules without the list of layers");
        std::vector<std::string> tools;
        for (const RuleDialect& dialect : ruleDialects())
            tools.emplace_back(dialect.id);
        options
            .add("--rules-for", m_rulesFor,
                "Write what the plan does to every layer as rules of this tool; remarks say what it cannot "
                "say")
            .oneOf(tools);
        options.add("--rules-format", m_rulesFormat,
            "comfy-quants: the one format that its rules speak about (default: the one with most bytes)");
        options
            .add("--budget", m_budget,
                "Choose formats by measured sensitivity to fit: 6GB (the file), 60% (of the original), "
                "4.5bpw "
                "(bits a weight of the layers that may be quantized), \"8GB GPU\" (its memory), or to be as "
                "small as \"0.5% error\" or 40dB allow")
            .group("Budget");
        options
            .add("--formats", m_formats,
                "Formats to choose from (default: float8_e4m3fn, int8_tensorwise, asym_w4a8_int8, nvfp4, "
                "convrot_w4a4); layers may also stay as they are")
            .separatedBy(',')
            .group("Budget");
        m_sensitivity.declare(options);
        m_options.declare(options);
    }

    int run(const Console& console) override
    {
        if (Status status = checkRulesOptions(); !status)
            return console.report(status.error());
        if (!m_budget.empty())
            return runBudget(console);
        std::shared_ptr<const Model> model;
        QuantPlan plan;
        if (const int code = m_options.prepare(console, m_file, model, plan); code != 0)
            return code;
        auto resolved = resolvePlan(plan, *model);
        if (!resolved)
            return console.report(resolved.error());
        for (const std::string& warning : resolved->warnings())
            console.warn(warning);
        if (!m_rulesFor.empty())
            return runRules(console, plan, *model, *resolved);
        const std::string text = toJson(m_rulesOnly ? plan : listEveryLayer(plan, *model, *resolved));
        if (m_output.empty()) {
            console.print(text + "\n");
            console.document(parseOrderedJson(text));
            return 0;
        }
        if (Status status = writeTextFile(m_output, text + "\n", m_overwrite); !status)
            return console.report(status.error());
        console.print(summaryOf(*resolved));
        console.document({{"file", m_output}, {"quantized", resolved->quantized}, {"kept", resolved->kept}});
        return 0;
    }

private:
    Status checkRulesOptions() const
    {
        const RuleDialect* const dialect = findRuleDialect(m_rulesFor);
        if (!m_rulesFormat.empty() && (dialect == nullptr || dialect->formats == nullptr))
            return fail(ErrorCode::Usage, "--rules-format goes with --rules-for comfy-quants");
        if (dialect != nullptr && m_rulesOnly)
            return fail(
                ErrorCode::Usage, "--rules-only is about a plan of Mantissa, --rules-for about another tool");
        return {};
    }

    std::string summaryOf(const ResolvedPlan& resolved) const
    {
        return fmt::format("{}: {} layers quantized, {} kept\n", m_output, resolved.quantized, resolved.kept);
    }

    /// The plan in the words of --rules-for, with what they cannot say printed.
    Result<ExportedRules> rulesOf(
        const Console& console, const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved) const
    {
        auto rules = exportRules(*findRuleDialect(m_rulesFor), plan, model, resolved, m_rulesFormat);
        if (rules)
            for (const std::string& note : rules->notes)
                console.note(note);
        return rules;
    }

    int runRules(
        const Console& console, const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved) const
    {
        const auto rules = rulesOf(console, plan, model, resolved);
        if (!rules)
            return console.report(rules.error());
        Json document{{"tool", m_rulesFor}, {"quantized", resolved.quantized}, {"kept", resolved.kept},
            {"text", rules->text}, {"notes", Json::array()}};
        for (const std::string& note : rules->notes)
            document["notes"].push_back(note);
        if (m_output.empty()) {
            console.print(rules->text);
        } else {
            if (Status status = writeTextFile(m_output, rules->text, m_overwrite); !status)
                return console.report(status.error());
            console.print(summaryOf(resolved));
            document["file"] = m_output;
        }
        console.document(document);
        return 0;
    }

    /// What a plan that was made for a budget is written as.
    Result<std::string> textOf(const Console& console, const QuantPlan& plan, const Model& model) const
    {
        if (m_rulesFor.empty())
            return toJson(plan);
        const auto resolved = resolvePlan(plan, model);
        if (!resolved)
            return tl::unexpected(resolved.error());
        auto rules = rulesOf(console, plan, model, *resolved);
        if (!rules)
            return forward(std::move(rules));
        return std::move(rules->text);
    }

    int runBudget(const Console& console)
    {
        const auto target = parseBudgetTarget(m_budget);
        if (!target)
            return console.report(target.error());
        if (m_output.empty() || m_rulesOnly)
            return console.report({ErrorCode::Usage, "--budget decides every layer and writes a file", {},
                "name it with -o PLAN.json, and leave --rules-only out"});
        if (m_options.namesFormat())
            return console.report({ErrorCode::Usage, "--budget chooses the formats itself", {},
                "--formats nvfp4,int8_tensorwise names those it may choose from"});
        std::vector<Choice> formats;
        for (const std::string& id : m_formats)
            if (id != "keep") // always possible
                formats.push_back({id, {}});
        if (m_formats.empty())
            formats = defaultBudgetFormats();
        std::error_code ec;
        if (!m_overwrite && std::filesystem::exists(m_output, ec))
            return console.report({ErrorCode::Usage, "the output exists already", m_output,
                "add --overwrite to replace it, or name another file"});
        m_options.preferFormat(formats.empty() ? std::string() : formats.front().format);
        m_sensitivity.keepIn(m_output + ".sensitivity.json");
        std::shared_ptr<const Model> model;
        QuantPlan plan;
        if (const int code = m_options.prepare(console, m_file, model, plan); code != 0)
            return code;
        auto table = sensitivityCandidates(plan, *model, formats);
        if (!table)
            return console.report(table.error());
        // A budget that nothing fits, or everything, is told before the hours of measuring.
        if (const auto possible = planForBudget(plan, model, *table, *target); !possible)
            return console.report(possible.error());
        Status measured = runJob(console,
            [&](const JobContext& job) { return m_sensitivity.measure(console, *table, model, job); });
        if (!measured) {
            if (measured.error().code == ErrorCode::Cancelled)
                measured.error().hint = "the same command goes on where it stopped";
            return console.report(measured.error());
        }
        plan.sourceHash = table->modelHash;
        auto made = planForBudget(plan, model, *table, *target);
        if (!made)
            return console.report(made.error());
        const auto text = textOf(console, made->plan, *model);
        if (!text)
            return console.report(text.error());
        if (Status status = writeTextFile(m_output, *text, m_overwrite); !status)
            return console.report(status.error());
        if (const auto level = recipeOf(made->plan); level && needsStatistics(*level))
            console.note(
                fmt::format("errors are those of codes made without data; the recipe {} makes smaller "
                            "ones, and 'quantize' needs --calibration for it",
                    made->plan.recipe));
        print(console, *table, *made);
        return 0;
    }

    void print(const Console& console, const SensitivityTable& table, const BudgetPlan& made) const
    {
        const auto counts = countsOf(table, made);
        std::size_t quantized = 0, kept = 0;
        Json byFormat = Json::object();
        std::vector<std::vector<std::string>> rows{{"format", "layers", "bytes"}};
        for (const auto& [format, count] : counts) {
            (format == "keep" ? kept : quantized) += count.layers;
            byFormat[format] = {{"layers", count.layers}, {"bytes", count.bytes}};
            rows.push_back({format, grouped(count.layers), grouped(count.bytes)});
        }
        if (console.json) {
            Json curve = Json::array();
            for (const SizedHarm& point : made.curve)
                curve.push_back({{"bytes", point.bytes}, {"harm", point.harm}});
            console.document({{"file", m_output}, {"quantized", quantized}, {"kept", kept},
                {"budget_bytes", made.budgetBytes}, {"file_bytes", made.fileBytes},
                {"measure", nameOf(made.measure)}, {"harm", made.solution.harm},
                {"lower_bound", made.solution.lowerBound}, {"gap", made.solution.gap()},
                {"formats", byFormat}, {"table", m_sensitivity.tablePath()}, {"curve", curve}});
            return;
        }
        console.print(formatTable(rows, {false, true, true}));
        console.print(fmt::format(
            "{}: {} of {} bytes\n", m_output, grouped(made.fileBytes), grouped(made.budgetBytes)));
        const double harm = made.solution.harm;
        console.print(fmt::format(
            "harm ({}, summed over layers) {:.4g}{}; at most {:.2f} % above the best possible\n",
            nameOf(made.measure), harm, harm > 0 ? fmt::format(" ({:.1f} dB)", -10 * std::log10(harm)) : "",
            100 * made.solution.gap()));
    }

    std::string m_file, m_output, m_budget, m_rulesFor, m_rulesFormat;
    std::vector<std::string> m_formats;
    bool m_overwrite = false, m_rulesOnly = false;
    PlanOptions m_options;
    SensitivityOptions m_sensitivity{true};
};

} // namespace

std::unique_ptr<Command> makePlan()
{
    return std::make_unique<Plan>();
}

} // namespace mantissa::cli
