// SPDX-License-Identifier: GPL-3.0-or-later
// What measuring layers has in common, for the budget and for the errors in the tree.
#pragma once

#include "engine/base/job.h"
#include "engine/sensitivity/sensitivity.h"

#include <QString>

namespace mantissa::ui {

/// The plan itself, or where it has no base format, with the first of those that budgets choose from: every
/// layer is free then that nobody decided about.
QuantPlan planToMeasure(const QuantPlan& plan);
/// The statistics in this file, made for measuring (`table.statistics` names them); null where the name is
/// empty: errors of the weights alone. Runs on an engine thread.
Result<std::shared_ptr<const StatisticsFile>> openForMeasuring(
    SensitivityTable& table, const Model& model, const QString& statistics, const JobContext& job);

} // namespace mantissa::ui
