// SPDX-License-Identifier: GPL-3.0-or-later
// The mix of formats of least total harm that fits a size: a multiple-choice knapsack. Numbers only: what
// harm is, engine/sensitivity/sensitivity.h says.
#pragma once

#include "engine/base/error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mantissa {

/// One way to store one layer.
struct SizedHarm {
    std::uint64_t bytes = 0;
    double harm = 0; ///< ≥ 0; of layers it adds up
};

struct BudgetSolution {
    std::vector<std::size_t> chosen; ///< for each layer, the index of its choice
    std::uint64_t bytes = 0;
    double harm = 0;
    /// The optimum of the linear relaxation: no mix of this size does less harm.
    double lowerBound = 0;

    /// How far the mix may be from the best one: (harm − bound) / harm; 0 where there is no harm.
    double gap() const { return harm > 0 ? (harm - lowerBound) / harm : 0; }
};

/// Chooses one way for each layer so that the bytes add up to at most `budget`. Greedy by harm per byte along
/// the convex hulls of the layers, which is the linear optimum but for one layer; what is left is filled, and
/// pairs of layers are traded while that helps. Of up to 400 layers a table over bytes is tried too, which is
/// exact for budgets of a few kilobytes above the smallest mix, and nearly so for others. Usage where even
/// the smallest choices do not fit; Internal where a layer has none.
Result<BudgetSolution> solveBudget(std::span<const std::vector<SizedHarm>> layers, std::uint64_t budget);

/// The best mixes of all sizes on the convex hull, from the smallest to that of least harm: bytes ascending,
/// harm descending.
std::vector<SizedHarm> budgetCurve(std::span<const std::vector<SizedHarm>> layers);

} // namespace mantissa
