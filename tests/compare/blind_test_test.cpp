// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics of blind tests against values from tables and SciPy, and the fairness of their order.
#include "engine/compare/blind_test.h"

#include <catch2/catch.hpp>

#include <set>

using namespace mantissa;

TEST_CASE("Wilson's interval agrees with published values")
{
    // scipy.stats.binomtest(k, n).proportion_ci(method="wilson"), SciPy 1.17.
    struct Case {
        std::size_t k, n;
        double low, high;
    };
    for (const Case& each :
        {Case{8, 10, 0.490162471536642, 0.943317848545625}, Case{0, 10, 0, 0.277532799862889},
            Case{10, 10, 0.722467200137111, 1}, Case{1, 2, 0.094531205734230, 0.905468794265770},
            Case{50, 100, 0.403831530365996, 0.596168469634004}}) {
        const Interval interval = wilsonInterval(each.k, each.n);
        INFO(each.k << " of " << each.n);
        CHECK(interval.low == Approx(each.low).margin(1e-9));
        CHECK(interval.high == Approx(each.high).margin(1e-9));
    }
    // Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263.
    const Interval newcombe = wilsonInterval(81, 263);
    CHECK(newcombe.low == Approx(0.2553).margin(5e-5));
    CHECK(newcombe.high == Approx(0.3662).margin(5e-5));
    CHECK(wilsonInterval(0, 0).low == 0);
    CHECK(wilsonInterval(0, 0).high == 1);
}

TEST_CASE("The sign test is exact")
{
    CHECK(signTest(8, 10) == Approx(2 * 56.0 / 1024)); // 1 + 10 + 45 of 1024 on either side
    CHECK(signTest(2, 10) == Approx(2 * 56.0 / 1024));
    CHECK(signTest(0, 5) == Approx(2.0 / 32));
    CHECK(signTest(5, 10) == 1);
    CHECK(signTest(5, 9) == Approx(1));
    CHECK(signTest(0, 0) == 1);
    CHECK(signTest(400, 1000) == Approx(2.72846e-10).epsilon(1e-3));
}

TEST_CASE("A blind test asks about every pair once, in an order that the seed decides")
{
    const BlindTest one(20, 7), same(20, 7), other(20, 8);
    std::set<std::size_t> pairs;
    bool differs = false;
    for (std::size_t i = 0; i < 20; ++i) {
        pairs.insert(one.trial(i).pair);
        CHECK(one.trial(i).pair == same.trial(i).pair);
        CHECK(one.trial(i).baselineFirst == same.trial(i).baselineFirst);
        differs = differs || one.trial(i).pair != other.trial(i).pair;
    }
    CHECK(pairs.size() == 20);
    CHECK(differs);
    // Neither place of a pair nor its side is favoured.
    std::size_t firsts = 0, leading = 0;
    constexpr std::size_t kTests = 4000;
    for (std::size_t seed = 0; seed < kTests; ++seed) {
        const BlindTest test(4, seed);
        firsts += test.trial(0).baselineFirst ? 1 : 0;
        leading += test.trial(0).pair == 0 ? 1 : 0;
    }
    CHECK(static_cast<double>(firsts) / kTests == Approx(0.5).margin(0.03));
    CHECK(static_cast<double>(leading) / kTests == Approx(0.25).margin(0.03));
}

TEST_CASE("Answers count for whoever was behind the number")
{
    BlindTest test(6, 3);
    for (std::size_t i = 0; i < 4; ++i) // always the baseline
        test.answer(test.current().baselineFirst ? BlindAnswer::First : BlindAnswer::Second);
    test.answer(test.current().baselineFirst ? BlindAnswer::Second : BlindAnswer::First);
    CHECK(test.score() == BlindScore{1, 4, 0});
    test.takeBack();
    CHECK(test.score() == BlindScore{0, 4, 0});
    test.answer(BlindAnswer::NoDifference);
    test.answer(BlindAnswer::NoDifference);
    CHECK(test.isFinished());
    test.answer(BlindAnswer::First); // too late
    CHECK(test.score() == BlindScore{0, 4, 2});
    CHECK(test.score().share() == 0);
    CHECK(test.score().interval().high < 0.5);
    BlindTest nothing(0, 1);
    CHECK(nothing.isFinished());
    CHECK(nothing.score().share() == 0.5);
}
