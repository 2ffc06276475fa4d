// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/budget.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace mantissa {

namespace {

/// A step from one choice of a layer to a larger one with less harm, both on the layer's convex hull.
struct HullStep {
    std::size_t layer = 0, from = 0, to = 0;
    std::uint64_t bytes = 0; ///< added
    double gain = 0; ///< harm that goes away

    double rate() const { return gain / static_cast<double>(bytes); }
};

/// The choices on the lower convex hull, by rising bytes and falling harm; the first is the smallest.
std::vector<std::size_t> hullOf(const std::vector<SizedHarm>& choices)
{
    std::vector<std::size_t> order(choices.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return choices[a].bytes != choices[b].bytes ? choices[a].bytes < choices[b].bytes
            : choices[a].harm != choices[b].harm    ? choices[a].harm < choices[b].harm
                                                    : a < b;
    });
    std::vector<std::size_t> hull;
    const auto rate = [&](std::size_t a, std::size_t b) {
        return (choices[a].harm - choices[b].harm) / static_cast<double>(choices[b].bytes - choices[a].bytes);
    };
    for (const std::size_t next : order) {
        if (!hull.empty() && choices[next].harm >= choices[hull.back()].harm)
            continue; // larger or equal, and no better
        while (hull.size() > 1 && rate(hull[hull.size() - 2], hull.back()) <= rate(hull.back(), next))
            hull.pop_back();
        hull.push_back(next);
    }
    return hull;
}

/// All steps of all layers, the most harm per byte first. Steps of one layer come in their own order, since
/// rates fall along a hull.
std::vector<HullStep> stepsOf(std::span<const std::vector<SizedHarm>> layers)
{
    std::vector<HullStep> steps;
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        const auto& choices = layers[layer];
        const std::vector<std::size_t> hull = hullOf(choices);
        for (std::size_t i = 1; i < hull.size(); ++i)
            steps.push_back({layer, hull[i - 1], hull[i], choices[hull[i]].bytes - choices[hull[i - 1]].bytes,
                choices[hull[i - 1]].harm - choices[hull[i]].harm});
    }
    std::stable_sort(
        steps.begin(), steps.end(), [](const HullStep& a, const HullStep& b) { return a.rate() > b.rate(); });
    return steps;
}

/// Up to how many layers the optimum is also sought by a table, and how fine that is: 400 × 6 × 2^15 steps
/// take a tenth of a second.
constexpr std::size_t kMostTabled = 400;
constexpr std::uint64_t kUnits = 1 << 15;

class Solver {
public:
    Solver(std::span<const std::vector<SizedHarm>> layers, std::uint64_t budget)
        : m_layers(layers)
        , m_budget(budget)
    { }

    Result<BudgetSolution> run()
    {
        for (const auto& choices : m_layers) {
            if (choices.empty())
                return fail(ErrorCode::Internal, "a layer has no choice of format");
            const std::size_t first = hullOf(choices).front();
            m_out.chosen.push_back(first);
            m_out.bytes += choices[first].bytes;
            m_out.harm += choices[first].harm;
        }
        if (m_out.bytes > m_budget)
            return fail(ErrorCode::Usage, "the smallest choices take {} bytes, and the budget has {}",
                m_out.bytes, m_budget);
        const std::vector<std::size_t> smallest = m_out.chosen;
        climb();
        improve();
        if (m_layers.size() <= kMostTabled) {
            const BudgetSolution climbed = m_out;
            setAll(tabled(smallest));
            improve();
            if (climbed.harm <= m_out.harm)
                m_out = climbed;
        }
        return std::move(m_out);
    }

private:
    /// The first step that does not fit ends the linear optimum (a part of it is taken); whole steps go on.
    void climb()
    {
        std::uint64_t bytes = m_out.bytes;
        double harm = m_out.harm;
        bool cut = false;
        std::vector<bool> blocked(m_layers.size(), false);
        for (const HullStep& step : stepsOf(m_layers)) {
            if (!cut && bytes + step.bytes > m_budget) {
                harm -= step.rate() * static_cast<double>(m_budget - bytes);
                cut = true;
            } else if (!cut) {
                bytes += step.bytes;
                harm -= step.gain;
            }
            if (blocked[step.layer])
                continue;
            if (m_out.bytes + step.bytes > m_budget)
                blocked[step.layer] = true;
            else
                move(step.layer, step.to);
        }
        m_out.lowerBound = std::max(0.0, harm);
    }

    void improve()
    {
        fill();
        while (trade())
            fill();
        recount();
    }

    void setAll(const std::vector<std::size_t>& chosen)
    {
        for (std::size_t i = 0; i < chosen.size(); ++i)
            move(i, chosen[i]);
    }

    /// The optimum by dynamic programming over the bytes above the smallest mix, in units that round each
    /// layer up: exact where the units are bytes, and otherwise off by half a unit a layer. For few layers,
    /// where the greedy mix can be some percent from the best one.
    std::vector<std::size_t> tabled(const std::vector<std::size_t>& smallest) const
    {
        std::uint64_t least = 0;
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            least += m_layers[i][smallest[i]].bytes;
        const std::uint64_t range = m_budget - least;
        const std::uint64_t unit = std::max<std::uint64_t>(1, (range + kUnits - 1) / kUnits);
        // Nothing can use more than every layer's largest choice takes.
        std::uint64_t useful = 0;
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            std::uint64_t most = 0;
            for (const SizedHarm& choice : m_layers[i])
                most = std::max(most, choice.bytes - m_layers[i][smallest[i]].bytes);
            useful += (most + unit - 1) / unit;
        }
        const auto width = static_cast<std::size_t>(std::min(range / unit, useful)) + 1;
        std::vector<double> best(width, 0), next(width);
        std::vector<std::vector<std::uint16_t>> taken(m_layers.size(), std::vector<std::uint16_t>(width));
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            std::fill(next.begin(), next.end(), std::numeric_limits<double>::infinity());
            for (std::size_t k = 0; k < m_layers[i].size(); ++k) {
                const std::size_t units = unitsOf(i, k, smallest[i], unit);
                for (std::size_t c = units; c < width; ++c)
                    if (const double harm = best[c - units] + m_layers[i][k].harm; harm < next[c]) {
                        next[c] = harm;
                        taken[i][c] = static_cast<std::uint16_t>(k);
                    }
            }
            best.swap(next);
        }
        std::vector<std::size_t> chosen(m_layers.size());
        std::size_t c = width - 1;
        for (std::size_t i = m_layers.size(); i-- > 0;) {
            chosen[i] = taken[i][c];
            c -= unitsOf(i, chosen[i], smallest[i], unit);
        }
        return chosen;
    }

    std::size_t unitsOf(std::size_t layer, std::size_t choice, std::size_t smallest, std::uint64_t unit) const
    {
        const std::uint64_t more = m_layers[layer][choice].bytes - m_layers[layer][smallest].bytes;
        return static_cast<std::size_t>((more + unit - 1) / unit);
    }

    const SizedHarm& current(std::size_t layer) const { return m_layers[layer][m_out.chosen[layer]]; }

    void move(std::size_t layer, std::size_t to)
    {
        const SizedHarm& before = current(layer);
        const SizedHarm& after = m_layers[layer][to];
        m_out.bytes = m_out.bytes - before.bytes + after.bytes;
        m_out.harm += after.harm - before.harm;
        m_out.chosen[layer] = to;
    }

    /// Takes the single change that helps most and fits, as long as there is one.
    void fill()
    {
        for (;;) {
            std::size_t layer = 0, to = 0;
            double best = 0;
            for (std::size_t i = 0; i < m_layers.size(); ++i)
                for (std::size_t k = 0; k < m_layers[i].size(); ++k) {
                    const double gain = current(i).harm - m_layers[i][k].harm;
                    if (gain > best && m_out.bytes - current(i).bytes + m_layers[i][k].bytes <= m_budget) {
                        best = gain;
                        layer = i;
                        to = k;
                    }
                }
            if (best <= 0)
                return;
            move(layer, to);
        }
    }

    struct Change {
        std::size_t layer = 0, to = 0;
        std::int64_t bytes = 0; ///< after minus before
        double harm = 0;
    };

    /// The best pair of changes of two layers that fits and helps. Both are sought among the changes that
    /// lose little for what they free, so that thousands of layers take no longer than hundreds.
    bool trade()
    {
        constexpr std::size_t kMostDowns = 256;
        std::vector<Change> downs, ups;
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            for (std::size_t k = 0; k < m_layers[i].size(); ++k) {
                const Change change{i, k,
                    static_cast<std::int64_t>(m_layers[i][k].bytes)
                        - static_cast<std::int64_t>(current(i).bytes),
                    m_layers[i][k].harm - current(i).harm};
                if (change.bytes < 0)
                    downs.push_back(change);
                else if (change.harm < 0)
                    ups.push_back(change);
            }
        const std::size_t kept = std::min(downs.size(), kMostDowns);
        std::partial_sort(downs.begin(), downs.begin() + static_cast<std::ptrdiff_t>(kept), downs.end(),
            [](const Change& a, const Change& b) { return a.harm < b.harm; });
        downs.resize(kept);
        const auto slack = static_cast<std::int64_t>(m_budget - m_out.bytes);
        const Change* bestDown = nullptr;
        const Change* bestUp = nullptr;
        double best = -1e-12 * m_out.harm; // less is rounding
        for (const Change& down : downs)
            for (const Change& up : ups)
                if (up.layer != down.layer && down.bytes + up.bytes <= slack && down.harm + up.harm < best) {
                    best = down.harm + up.harm;
                    bestDown = &down;
                    bestUp = &up;
                }
        if (bestDown == nullptr)
            return false;
        move(bestDown->layer, bestDown->to);
        move(bestUp->layer, bestUp->to);
        return true;
    }

    /// Sums without the rounding of the way here.
    void recount()
    {
        m_out.harm = 0;
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            m_out.harm += current(i).harm;
        m_out.lowerBound = std::min(m_out.lowerBound, m_out.harm);
    }

    std::span<const std::vector<SizedHarm>> m_layers;
    std::uint64_t m_budget;
    BudgetSolution m_out;
};

} // namespace

Result<BudgetSolution> solveBudget(std::span<const std::vector<SizedHarm>> layers, std::uint64_t budget)
{
    return Solver(layers, budget).run();
}

std::vector<SizedHarm> budgetCurve(std::span<const std::vector<SizedHarm>> layers)
{
    SizedHarm at;
    for (const auto& choices : layers) {
        if (choices.empty())
            continue;
        const SizedHarm& smallest = choices[hullOf(choices).front()];
        at.bytes += smallest.bytes;
        at.harm += smallest.harm;
    }
    std::vector<SizedHarm> curve{at};
    for (const HullStep& step : stepsOf(layers)) {
        at.bytes += step.bytes;
        at.harm = std::max(0.0, at.harm - step.gain);
        curve.push_back(at);
    }
    return curve;
}

} // namespace mantissa
