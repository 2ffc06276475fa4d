// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/blind_test.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

namespace mantissa {

Interval wilsonInterval(std::size_t successes, std::size_t trials, double quantile)
{
    if (trials == 0)
        return {};
    const double n = static_cast<double>(trials), share = static_cast<double>(successes) / n;
    const double z2n = quantile * quantile / n;
    const double centre = (share + z2n / 2) / (1 + z2n);
    const double half = std::sqrt(share * (1 - share) * z2n + z2n * z2n / 4) / (1 + z2n);
    // At the ends the formula gives 0 and 1 but for rounding.
    return {successes == 0 ? 0 : std::max(0.0, centre - half),
        successes == trials ? 1 : std::min(1.0, centre + half)};
}

double signTest(std::size_t successes, std::size_t trials)
{
    const double n = static_cast<double>(trials);
    const std::size_t rarer = std::min(successes, trials - successes);
    if (2 * rarer == trials)
        return 1;
    double tail = 0;
    for (std::size_t k = 0; k <= rarer; ++k) {
        const double x = static_cast<double>(k);
        tail
            += std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) - n * std::log(2.0));
    }
    return std::min(1.0, 2 * tail);
}

double BlindScore::share() const
{
    return decided() == 0 ? 0.5 : static_cast<double>(variant) / static_cast<double>(decided());
}

BlindTest::BlindTest(std::size_t pairs, std::uint64_t seed)
{
    for (std::size_t pair = 0; pair < pairs; ++pair)
        m_trials.push_back({pair, false});
    // The engine is defined bit by bit; std::shuffle and the distributions are not.
    std::mt19937_64 random(seed);
    for (std::size_t left = pairs; left > 1; --left)
        std::swap(m_trials[left - 1], m_trials[static_cast<std::size_t>(random() % left)]);
    for (BlindTrial& trial : m_trials)
        trial.baselineFirst = (random() >> 63U) != 0;
}

void BlindTest::answer(BlindAnswer answer)
{
    if (!isFinished())
        m_answers.push_back(answer);
}

void BlindTest::takeBack()
{
    if (!m_answers.empty())
        m_answers.pop_back();
}

BlindScore BlindTest::score() const
{
    BlindScore score;
    for (std::size_t i = 0; i < m_answers.size(); ++i) {
        if (m_answers[i] == BlindAnswer::NoDifference)
            ++score.undecided;
        else if ((m_answers[i] == BlindAnswer::First) == m_trials[i].baselineFirst)
            ++score.baseline;
        else
            ++score.variant;
    }
    return score;
}

} // namespace mantissa
