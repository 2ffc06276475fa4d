// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/measuring.h"

#include "engine/export/plan_export.h"
#include "ui/text.h"

namespace mantissa::ui {

QuantPlan planToMeasure(const QuantPlan& plan)
{
    const std::vector<Choice> formats = defaultBudgetFormats();
    return plan.base.keeps() && !formats.empty() ? withBase(plan, formats.front()) : plan;
}

Result<std::shared_ptr<const StatisticsFile>> openForMeasuring(
    SensitivityTable& table, const Model& model, const QString& statistics, const JobContext& job)
{
    if (statistics.isEmpty())
        return std::shared_ptr<const StatisticsFile>();
    const auto opened = openStatisticsFor(toPath(statistics), model, job);
    if (!opened)
        return tl::unexpected(opened.error());
    table.statistics = opened->statistics->fingerprint();
    return opened->statistics;
}

} // namespace mantissa::ui
