// SPDX-License-Identifier: GPL-3.0-or-later
// The report of a dry run; shared by `analyze` and `quantize --dry-run analyze`.
#pragma once

#include "app/cli/console.h"
#include "app/cli/sensitivity_options.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <memory>

namespace mantissa::cli {

struct AnalysisOptions {
    const SensitivityOptions* errors = nullptr; ///< null: headers only
    bool layers = false;
    std::string sort = "name"; ///< of the table of errors: a name of sortOrders()
};
/// "name" (the model's order), "size", "weight", "output", "denoiser": the last three by falling error.
const std::vector<std::string>& sortOrders();

/// Prints the report and gives the exit code.
int runAnalysis(const Console& console, const std::shared_ptr<const Model>& model, const QuantPlan& plan,
    const AnalysisOptions& options);

} // namespace mantissa::cli
