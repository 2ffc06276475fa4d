// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/budget_plan.h"

#include "engine/compat/vram.h"
#include "engine/export/plan_export.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mantissa {

namespace {

/// The file around the layers (header, other tensors, the embedded plan) hardly depends on the mix: what one
/// mix leaves over or lacks, the next one is given or denied.
constexpr int kRounds = 8;

/// A fingerprint has this many digits: where the statistics come later, the embedded plan keeps its length.
constexpr std::size_t kFingerprintDigits = 32;

std::uint64_t sourceFileBytes(const Model& model)
{
    std::uint64_t bytes = 0;
    for (const SourceFile& file : model.source->info().files)
        bytes += file.bytes;
    return bytes;
}

class Planner {
public:
    Planner(const QuantPlan& start, const std::shared_ptr<const Model>& model, const SensitivityTable& table)
        : m_start(start)
        , m_model(model)
        , m_table(table)
        , m_measure(measureOf(table))
        , m_problem(budgetProblem(table, m_measure))
    { }

    Result<BudgetPlan> run(const BudgetTarget& target)
    {
        if (m_table.layers.empty())
            return tl::unexpected(
                Error{ErrorCode::Unsupported, "the model has no layer to choose a format for", {},
                    "'mantissa analyze' says why each layer is kept"});
        auto smallest = solved(smallestBytes());
        if (!smallest)
            return smallest;
        if (target.unit == BudgetTarget::Unit::Error)
            return smallestWithin(target.value / 100);
        std::uint64_t weights = 0, keptBytes = 0;
        for (const LayerSensitivity& layer : m_table.layers) {
            weights += layer.weights;
            keptBytes += layer.choices.back().bytes;
        }
        const std::uint64_t around = smallest->fileBytes - smallest->solution.bytes;
        const std::uint64_t budget = [&] {
            switch (target.unit) {
            case BudgetTarget::Unit::GpuMemory:
                return fileForGpu(smallest->plan, smallest->fileBytes, target.value);
            case BudgetTarget::Unit::BitsPerWeight:
                return around + static_cast<std::uint64_t>(target.value * static_cast<double>(weights) / 8);
            case BudgetTarget::Unit::Percent:
                return static_cast<std::uint64_t>(
                    target.value / 100 * static_cast<double>(sourceFileBytes(*m_model)));
            case BudgetTarget::Unit::Error:
            case BudgetTarget::Unit::Bytes:
                break;
            }
            return static_cast<std::uint64_t>(target.value);
        }();
        if (smallest->fileBytes > budget)
            return tl::unexpected(Error{ErrorCode::Usage,
                sentence("no mix of these formats fits into {} bytes: the smallest takes {}", budget,
                    smallest->fileBytes),
                {},
                "raise the budget, offer smaller formats with --formats, or see with 'mantissa analyze' "
                "which layers are kept"});
        if (budget >= around + keptBytes)
            return tl::unexpected(Error{ErrorCode::Usage,
                sentence("the model fits into {} bytes as it is", budget), {}, "there is nothing to choose"});
        auto best = fit(std::move(*smallest), around, budget);
        if (!best)
            return best;
        best->budgetBytes = budget;
        best->measure = m_measure;
        best->curve = budgetCurve(m_problem);
        for (SizedHarm& point : best->curve)
            point.bytes += best->fileBytes - best->solution.bytes;
        return best;
    }

private:
    std::uint64_t smallestBytes() const
    {
        std::uint64_t sum = 0;
        for (const auto& choices : m_problem)
            sum += std::min_element(choices.begin(), choices.end(), [](const auto& a, const auto& b) {
                return a.bytes < b.bytes;
            })->bytes;
        return sum;
    }

    /// The size of a file whose network fits a GPU beside its activations. `plan` and its file stand for all
    /// mixes: what is not the network's weights hardly depends on them.
    std::uint64_t fileForGpu(const QuantPlan& plan, std::uint64_t fileBytes, double memory) const
    {
        const auto resolved = resolvePlan(plan, *m_model);
        if (!resolved)
            return 0;
        const VramForecast forecast = forecastVram(*m_model, *resolved, {}, nullptr);
        const auto rest = static_cast<double>(forecast.total() - forecast.weights);
        const std::uint64_t others = fileBytes - std::min(fileBytes, forecast.weights);
        return others + static_cast<std::uint64_t>(std::max(0.0, memory - rest));
    }

    /// The smallest mix whose relative error is at most `error`.
    Result<BudgetPlan> smallestWithin(double error) const
    {
        const auto within = [&](double harm) { return relativeError(harm, m_table, m_measure) <= error; };
        const std::vector<SizedHarm> curve = budgetCurve(m_problem);
        const auto fits = std::find_if(
            curve.begin(), curve.end(), [&](const SizedHarm& point) { return within(point.harm); });
        if (fits == curve.end() || std::next(fits) == curve.end()) // the last one keeps every layer
            return tl::unexpected(Error{ErrorCode::Usage,
                sentence("no mix of these formats has at most {:g} % error but the original", 100 * error),
                {},
                curve.size() < 2 ? sentence("offer other formats with --formats")
                                 : sentence("the most accurate mix that saves anything has {:.3g} %",
                                     100 * relativeError(curve[curve.size() - 2].harm, m_table, m_measure))});
        // Between two corners of the hull the solver mixes more finely.
        std::uint64_t enough = fits->bytes, tooFew = fits == curve.begin() ? enough : std::prev(fits)->bytes;
        for (int round = 0; round < kRounds && enough - tooFew > 1; ++round) {
            const std::uint64_t middle = tooFew + (enough - tooFew) / 2;
            const auto mix = solveBudget(m_problem, middle);
            if (!mix)
                return tl::unexpected(mix.error());
            (within(mix->harm) ? enough : tooFew) = middle;
        }
        auto best = solved(enough);
        if (!best)
            return best;
        best->budgetBytes = best->fileBytes;
        best->measure = m_measure;
        best->curve = curve;
        for (SizedHarm& point : best->curve)
            point.bytes += best->fileBytes - best->solution.bytes;
        return best;
    }

    /// The mix for so many bytes of layers, and the size of its file.
    Result<BudgetPlan> solved(std::uint64_t layerBytes) const
    {
        auto solution = solveBudget(m_problem, layerBytes);
        if (!solution)
            return forward(std::move(solution));
        auto plan = planOfChoices(m_start, *m_model, m_table, solution->chosen);
        if (!plan)
            return forward(std::move(plan));
        const auto level = recipeOf(*plan);
        const bool comesLater = level && needsStatistics(*level) && plan->statistics.empty();
        if (comesLater)
            plan->statistics.assign(kFingerprintDigits, '0');
        const auto bytes = forecastFileBytes(*plan, m_model);
        if (!bytes)
            return tl::unexpected(bytes.error());
        if (comesLater)
            plan->statistics.clear();
        BudgetPlan out;
        out.plan = std::move(*plan);
        out.fileBytes = *bytes;
        out.solution = std::move(*solution);
        return out;
    }

    Result<BudgetPlan> fit(BudgetPlan best, std::uint64_t around, std::uint64_t budget) const
    {
        for (int round = 0; round < kRounds && budget >= around + smallestBytes(); ++round) {
            auto mix = solved(budget - around);
            if (!mix)
                return mix;
            const std::uint64_t own = mix->fileBytes - mix->solution.bytes;
            const bool fits = mix->fileBytes <= budget;
            const std::uint64_t excess = fits ? 0 : mix->fileBytes - budget;
            if (fits && mix->solution.harm < best.solution.harm)
                best = std::move(*mix);
            if (fits && (own == around || round > 0))
                break;
            around = fits ? own : around + excess; // a header that turned out smaller is used once
        }
        return best;
    }

    const QuantPlan& m_start;
    const std::shared_ptr<const Model>& m_model;
    const SensitivityTable& m_table;
    HarmMeasure m_measure;
    std::vector<std::vector<SizedHarm>> m_problem;
};

} // namespace

double relativeError(double harm, const SensitivityTable& table, HarmMeasure measure)
{
    const double layers = measure == HarmMeasure::DenoiserError
        ? 1
        : std::max<double>(1, static_cast<double>(table.layers.size()));
    return std::sqrt(std::max(0.0, harm) / layers);
}

std::vector<std::vector<SizedHarm>> budgetProblem(const SensitivityTable& table, HarmMeasure measure)
{
    std::vector<std::vector<SizedHarm>> problem;
    problem.reserve(table.layers.size());
    for (const LayerSensitivity& layer : table.layers) {
        auto& choices = problem.emplace_back();
        for (const ChoiceSensitivity& choice : layer.choices)
            choices.push_back({choice.bytes, harmOf(layer, choice, measure)});
    }
    return problem;
}

Result<QuantPlan> planOfChoices(const QuantPlan& start, const Model& model, const SensitivityTable& table,
    const std::vector<std::size_t>& chosen)
{
    std::map<std::string, std::size_t> layersOf; // by format
    for (std::size_t i = 0; i < table.layers.size(); ++i)
        if (const Choice& choice = table.layers[i].choices[chosen[i]].choice; !choice.keeps())
            ++layersOf[choice.format];
    const auto most = std::max_element(
        layersOf.begin(), layersOf.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    const QuantPlan based = most == layersOf.end() ? start : withBase(start, {most->first, {}});
    auto resolved = resolvePlan(based, model);
    if (!resolved)
        return forward(std::move(resolved));
    for (std::size_t i = 0; i < table.layers.size(); ++i)
        resolved->decisions[table.layers[i].layer].choice = table.layers[i].choices[chosen[i]].choice;
    return listEveryLayer(based, model, *resolved);
}

Result<BudgetPlan> planForBudget(const QuantPlan& start, const std::shared_ptr<const Model>& model,
    const SensitivityTable& table, const BudgetTarget& target)
{
    return Planner(start, model, table).run(target);
}

} // namespace mantissa
