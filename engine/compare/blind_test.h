// SPDX-License-Identifier: GPL-3.0-or-later
// Blind comparison: which of two pictures is better, asked without saying which is whose, and what the
// answers prove. Pure: no pictures, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mantissa {

struct Interval {
    double low = 0, high = 1;
};

/// 97.5 % quantile of the standard normal distribution: intervals that hold the truth in 95 of 100 cases.
inline constexpr double kNormal95 = 1.959963984540054;

/// Confidence interval of a binomial proportion: the score interval of E. B. Wilson, "Probable inference, the
/// law of succession, and statistical inference", JASA 22 (1927) 209–212, which L. D. Brown, T. T. Cai and
/// A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001) 101–133,
/// recommend for small numbers of trials. [0, 1] without trials.
Interval wilsonInterval(std::size_t successes, std::size_t trials, double quantile = kNormal95);
/// Two-sided exact binomial test of "both are equally likely": how probable an outcome is that is at least as
/// uneven. 1 without trials.
double signTest(std::size_t successes, std::size_t trials);

struct BlindScore {
    std::size_t variant = 0, baseline = 0; ///< how often each was preferred
    std::size_t undecided = 0; ///< "no difference"

    std::size_t decided() const { return variant + baseline; }
    /// Share of decided trials that preferred the variant.
    double share() const;
    Interval interval() const { return wilsonInterval(variant, decided()); }
    double chance() const { return signTest(variant, decided()); }
    bool operator==(const BlindScore&) const = default;
};

enum class BlindAnswer { First, Second, NoDifference };

struct BlindTrial {
    std::size_t pair = 0; ///< index of the pair of pictures
    bool baselineFirst = false; ///< which of the two is shown as number 1
};

class BlindTest {
public:
    /// Trials of all pairs in a random order, each with its sides drawn anew; the same seed gives the same
    /// test.
    BlindTest(std::size_t pairs, std::uint64_t seed);

    std::size_t count() const { return m_trials.size(); }
    std::size_t answered() const { return m_answers.size(); }
    bool isFinished() const { return m_answers.size() == m_trials.size(); }
    const BlindTrial& trial(std::size_t index) const { return m_trials[index]; }
    /// The next one; only while not finished.
    const BlindTrial& current() const { return m_trials[m_answers.size()]; }
    void answer(BlindAnswer answer);
    /// Takes the last answer back; nothing without one.
    void takeBack();
    BlindScore score() const; ///< of what was answered so far

private:
    std::vector<BlindTrial> m_trials;
    std::vector<BlindAnswer> m_answers;
};

} // namespace mantissa
