// SPDX-License-Identifier: GPL-3.0-or-later
// From a sensitivity table and a size to a plan: which layer takes which format.
#pragma once

#include "engine/sensitivity/budget.h"
#include "engine/sensitivity/budget_target.h"
#include "engine/sensitivity/sensitivity.h"

#include <memory>
#include <vector>

namespace mantissa {

struct BudgetPlan {
    QuantPlan plan; ///< every layer listed as an override; base: the format of most layers
    HarmMeasure measure = HarmMeasure::WeightError;
    std::uint64_t budgetBytes = 0; ///< what the target means for the file
    std::uint64_t fileBytes = 0; ///< of the export, to the byte; ≤ budgetBytes
    BudgetSolution solution; ///< chosen: for each layer of the table
    std::vector<SizedHarm> curve; ///< harm of the best mix against the size of the file, about
};

/// The harm of a mix as a relative error, 0 to 1: of the denoiser's output where it was probed, else the root
/// mean square over the layers of the table.
double relativeError(double harm, const SensitivityTable& table, HarmMeasure measure);

/// Bytes and harms of all ways, for the solver.
std::vector<std::vector<SizedHarm>> budgetProblem(const SensitivityTable& table, HarmMeasure measure);

/// The plan whose export has at most the target's size and does the least harm, of what the table offers; for
/// an error, the smallest one of at most that.
/// `start` is the plan that the table was made for. Usage, naming the smallest size that can be had, where
/// nothing fits, and where the checkpoint fits as it is.
Result<BudgetPlan> planForBudget(const QuantPlan& start, const std::shared_ptr<const Model>& model,
    const SensitivityTable& table, const BudgetTarget& target);

/// The plan of one choice for each layer of the table (indices into its choices).
Result<QuantPlan> planOfChoices(const QuantPlan& start, const Model& model, const SensitivityTable& table,
    const std::vector<std::size_t>& chosen);

} // namespace mantissa
