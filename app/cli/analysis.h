// SPDX-License-Identifier: GPL-3.0-or-later
// The report of a dry run; shared by `analyze` and `quantize --dry-run analyze`.
#pragma once

#include "app/cli/console.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <memory>

namespace mantissa::cli {

struct AnalysisOptions {
    bool errors = false, layers = false;
    unsigned threads = 0;
};

/// Prints the report and gives the exit code.
int runAnalysis(const Console& console, const std::shared_ptr<const Model>& model, const QuantPlan& plan,
    const AnalysisOptions& options);

} // namespace mantissa::cli
