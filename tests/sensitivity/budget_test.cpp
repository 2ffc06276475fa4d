// SPDX-License-Identifier: GPL-3.0-or-later
// The knapsack of formats against trying everything, and sizes as people write them.
#include "engine/sensitivity/budget.h"
#include "engine/sensitivity/budget_target.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace mantissa;

namespace {

using Problem = std::vector<std::vector<SizedHarm>>;

Problem randomProblem(std::mt19937& random, std::size_t layers, std::size_t choices)
{
    std::uniform_int_distribution<std::uint64_t> bytes(1, 60);
    std::uniform_real_distribution<double> harm(0, 1);
    Problem problem(layers);
    for (auto& layer : problem) {
        for (std::size_t k = 0; k < choices; ++k)
            layer.push_back({bytes(random), harm(random)});
        layer.push_back({80, 0}); // kept
    }
    return problem;
}

/// The least harm of all combinations that fit; negative where none does.
double tryEverything(const Problem& problem, std::uint64_t budget)
{
    double best = -1;
    std::vector<std::size_t> at(problem.size(), 0);
    for (;;) {
        std::uint64_t bytes = 0;
        double harm = 0;
        for (std::size_t i = 0; i < problem.size(); ++i) {
            bytes += problem[i][at[i]].bytes;
            harm += problem[i][at[i]].harm;
        }
        if (bytes <= budget && (best < 0 || harm < best))
            best = harm;
        std::size_t i = 0;
        while (i < problem.size() && ++at[i] == problem[i].size())
            at[i++] = 0;
        if (i == problem.size())
            return best;
    }
}

} // namespace

TEST_CASE("the mix is within its gap of the best one, and the bound below it")
{
    std::mt19937 random(7);
    int exact = 0, solved = 0;
    for (int round = 0; round < 300; ++round) {
        const Problem problem = randomProblem(random, 2 + std::size_t(round) % 5, 3);
        const std::uint64_t budget = 40 * problem.size() + random() % 120;
        const double best = tryEverything(problem, budget);
        const auto solution = solveBudget(problem, budget);
        CAPTURE(round, budget, best);
        REQUIRE(solution.has_value() == (best >= 0));
        if (!solution)
            continue;
        std::uint64_t bytes = 0;
        double harm = 0;
        for (std::size_t i = 0; i < problem.size(); ++i) {
            bytes += problem[i][solution->chosen[i]].bytes;
            harm += problem[i][solution->chosen[i]].harm;
        }
        CHECK(bytes == solution->bytes);
        CHECK(harm == Approx(solution->harm).margin(1e-12));
        CHECK(bytes <= budget);
        CHECK(solution->lowerBound <= best + 1e-12);
        CHECK(solution->harm >= best - 1e-12);
        CHECK(solution->harm - best <= solution->harm - solution->lowerBound + 1e-12);
        CHECK(solution->gap() >= 0);
        ++solved;
        exact += solution->harm < best + 1e-12 ? 1 : 0;
    }
    CAPTURE(exact, solved);
    CHECK(solved > 200);
    CHECK(exact == solved); // the table is exact here
}

TEST_CASE("of many layers the mix is as good as the bound")
{
    std::mt19937 random(11);
    const Problem problem = randomProblem(random, 800, 5);
    for (const std::uint64_t budget : {12000U, 20000U, 35000U}) {
        const auto solution = solveBudget(problem, budget);
        REQUIRE(solution);
        CHECK(solution->bytes <= budget);
        CHECK(solution->gap() < 1e-3);
    }
}

TEST_CASE("the curve falls, bends one way, and holds the optimum of its sizes")
{
    std::mt19937 random(3);
    const Problem problem = randomProblem(random, 6, 3);
    const std::vector<SizedHarm> curve = budgetCurve(problem);
    REQUIRE(curve.size() > 2);
    for (std::size_t i = 0; i < curve.size(); ++i) {
        CHECK(curve[i].harm == Approx(tryEverything(problem, curve[i].bytes)).margin(1e-9));
        if (i == 0)
            continue;
        CHECK(curve[i].bytes > curve[i - 1].bytes);
        CHECK(curve[i].harm < curve[i - 1].harm);
        if (i < 2)
            continue;
        const auto slope = [&](std::size_t k) {
            return (curve[k - 1].harm - curve[k].harm) / double(curve[k].bytes - curve[k - 1].bytes);
        };
        CHECK(slope(i) <= slope(i - 1) + 1e-12);
    }
    CHECK(curve.back().harm == Approx(0).margin(1e-12));
}

TEST_CASE("what cannot be solved is said")
{
    CHECK(solveBudget(Problem{{{10, 0.5}, {20, 0}}}, 9).error().code == ErrorCode::Usage);
    CHECK(solveBudget(Problem{{}}, 9).error().code == ErrorCode::Internal);
    const auto free = solveBudget(Problem{}, 0);
    REQUIRE(free);
    CHECK(free->gap() == 0);
}

TEST_CASE("budgets are sizes, shares or bits a weight")
{
    using Unit = BudgetTarget::Unit;
    CHECK(parseBudgetTarget("6GB").value() == BudgetTarget{Unit::Bytes, 6e9});
    CHECK(parseBudgetTarget("850 MiB").value() == BudgetTarget{Unit::Bytes, 850 * 1048576.0});
    CHECK(parseBudgetTarget("1048576").value() == BudgetTarget{Unit::Bytes, 1048576});
    CHECK(parseBudgetTarget("60%").value() == BudgetTarget{Unit::Percent, 60});
    CHECK(parseBudgetTarget("62.5 %").value() == BudgetTarget{Unit::Percent, 62.5});
    CHECK(parseBudgetTarget("4.5bpw").value() == BudgetTarget{Unit::BitsPerWeight, 4.5});
    CHECK(parseBudgetTarget("4.5 BPW").value() == BudgetTarget{Unit::BitsPerWeight, 4.5});
    CHECK(parseBudgetTarget("0.5% error").value() == BudgetTarget{Unit::Error, 0.5});
    CHECK(parseBudgetTarget("0.5 % Error").value() == BudgetTarget{Unit::Error, 0.5});
    CHECK(parseBudgetTarget("40dB").value().unit == Unit::Error);
    CHECK(parseBudgetTarget("40dB").value().value == Approx(1));
    CHECK(parseBudgetTarget("8GB GPU").value() == BudgetTarget{Unit::GpuMemory, 8 * 1073741824.0});
    CHECK(parseBudgetTarget("11.5GiB vram").value() == BudgetTarget{Unit::GpuMemory, 11.5 * 1073741824.0});
    for (const char* wrong : {"", "GB", "-6GB", "0", "0%", "130%", "-4bpw", "nan bpw", "65bpw", "6 apples",
             "inf%", "1e40GB", "4.5.5bpw", "error", "0%error", "101% error", "-3dB", "GPU", "0 GPU"}) {
        CAPTURE(wrong);
        const auto target = parseBudgetTarget(wrong);
        REQUIRE(!target);
        CHECK(target.error().code == ErrorCode::Usage);
    }
    CHECK(describe(BudgetTarget{Unit::Bytes, 6e9}) == "6.00 GB");
    CHECK(describe(BudgetTarget{Unit::Percent, 60}) == "60 %");
    CHECK(describe(BudgetTarget{Unit::BitsPerWeight, 4.5}) == "4.5 bits a weight");
    CHECK(describe(BudgetTarget{Unit::Error, 0.5}) == "at most 0.5 % error");
    CHECK(describe(BudgetTarget{Unit::GpuMemory, 8 * 1073741824.0}) == "a GPU of 8.0 GiB");
}
