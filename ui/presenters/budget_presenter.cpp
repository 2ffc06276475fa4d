// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/budget_presenter.h"

#include "engine/export/plan_export.h"
#include "ui/presenters/measuring.h"
#include "ui/text.h"

#include <algorithm>

namespace mantissa::ui {

namespace {

struct Measured {
    std::shared_ptr<const SensitivityTable> table;
    std::vector<SizedHarm> curve;
    HarmMeasure measure = HarmMeasure::WeightError;
};

/// The curve in sizes of files: that of the largest mix is known to the byte, the rest differs by as much.
Result<std::vector<SizedHarm>> fileCurve(
    const QuantPlan& start, const std::shared_ptr<const Model>& model, const SensitivityTable& table)
{
    const auto problem = budgetProblem(table, measureOf(table));
    std::vector<SizedHarm> curve = budgetCurve(problem);
    if (curve.empty())
        return curve;
    const auto smallest = solveBudget(problem, curve.front().bytes);
    if (!smallest)
        return tl::unexpected(smallest.error());
    const auto plan = planOfChoices(start, *model, table, smallest->chosen);
    if (!plan)
        return tl::unexpected(plan.error());
    const auto bytes = forecastFileBytes(*plan, model);
    if (!bytes)
        return tl::unexpected(bytes.error());
    const std::uint64_t rest = *bytes - std::min(*bytes, smallest->bytes);
    for (SizedHarm& point : curve)
        point.bytes += rest;
    return curve;
}

} // namespace

BudgetPresenter::BudgetPresenter(PlanDocument& document, PlanEditor& editor, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_editor(editor)
{
    connect(&m_measure, &JobController::runningChanged, this, &BudgetPresenter::measuringChanged);
    connect(&m_measure, &JobController::progressed, this, [this](const ProgressSnapshot& snapshot) {
        if (snapshot.bytesTotal > 0)
            Q_EMIT progressed(
                static_cast<double>(snapshot.bytesDone) / static_cast<double>(snapshot.bytesTotal));
    });
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        m_measure.requestStop();
        m_table.reset();
        m_curve.clear();
        Q_EMIT measured();
    });
}

void BudgetPresenter::measure(const QString& statistics)
{
    if (m_document.isEmpty() || isMeasuring())
        return;
    const std::vector<Choice> formats = defaultBudgetFormats();
    const QuantPlan start = planToMeasure(m_document.plan());
    m_start = start;
    m_measure.start<Measured>(
        [start, formats, statistics, model = m_document.model()](const JobContext& job) -> Result<Measured> {
            auto table = sensitivityCandidates(start, *model, formats);
            if (!table)
                return forward(std::move(table));
            if (Status done = measureErrorsWith(*table, *model, statistics, job); !done)
                return forward(std::move(done));
            auto curve = fileCurve(start, model, *table);
            if (!curve)
                return forward(std::move(curve));
            const HarmMeasure measure = measureOf(*table);
            return Measured{
                std::make_shared<const SensitivityTable>(std::move(*table)), std::move(*curve), measure};
        },
        [this, model = m_document.model()](Result<Measured> result) {
            if (model != m_document.model())
                return;
            if (!result) {
                Q_EMIT failed(result.error());
                return;
            }
            m_table = std::move(result->table);
            m_curve = std::move(result->curve);
            m_measureUsed = result->measure;
            Q_EMIT measured();
        });
}

void BudgetPresenter::cancel()
{
    m_measure.requestStop();
}

double BudgetPresenter::harmAt(std::uint64_t bytes) const
{
    double harm = m_curve.empty() ? 0 : m_curve.front().harm;
    for (const SizedHarm& point : m_curve)
        if (point.bytes <= bytes)
            harm = point.harm;
    return harm;
}

double BudgetPresenter::relativeErrorOf(double harm) const
{
    return m_table ? relativeError(harm, *m_table, m_measureUsed) : 0;
}

void BudgetPresenter::apply(const QString& target)
{
    const auto parsed = parseBudgetTarget(toStd(target));
    if (parsed)
        apply(*parsed);
    else
        Q_EMIT failed(parsed.error());
}

void BudgetPresenter::apply(std::uint64_t bytes)
{
    apply(BudgetTarget{BudgetTarget::Unit::Bytes, static_cast<double>(bytes)});
}

void BudgetPresenter::apply(const BudgetTarget& target)
{
    if (!m_table || m_document.isEmpty())
        return;
    m_solve.start<BudgetPlan>([start = m_start, model = m_document.model(), table = m_table, target](
                                  const JobContext&) { return planForBudget(start, model, *table, target); },
        [this, model = m_document.model()](Result<BudgetPlan> made) {
            if (model != m_document.model())
                return;
            if (!made) {
                Q_EMIT failed(made.error());
                return;
            }
            m_editor.replacePlan(made->plan, tr("Fit the file into %1").arg(sizeText(made->fileBytes)));
            Q_EMIT applied(*made);
        });
}

} // namespace mantissa::ui
