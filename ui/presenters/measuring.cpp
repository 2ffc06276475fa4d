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

Status measureErrorsWith(
    SensitivityTable& table, const Model& model, const QString& statistics, const JobContext& job)
{
    if (statistics.isEmpty())
        return measureErrors(table, model, {}, job);
    const auto opened = openStatisticsFor(toPath(statistics), model, job);
    if (!opened)
        return tl::unexpected(opened.error());
    MeasureOptions options;
    options.statistics = opened->statistics.get();
    return measureErrors(table, model, options, job);
}

} // namespace mantissa::ui
