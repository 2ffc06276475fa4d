// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/budget_presenter.h"

#include "engine/export/plan_export.h"
#include "engine/sensitivity/probe.h"
#include "ui/presenters/measuring.h"
#include "ui/text.h"

#include <algorithm>

namespace mantissa::ui {

namespace {

struct Measured {
    std::shared_ptr<const SensitivityTable> table;
    std::shared_ptr<const SensitivityTable> known; ///< with the probes of a run that was stopped
    std::vector<SizedHarm> curve;
    HarmMeasure measure = HarmMeasure::WeightError;
    bool probeStopped = false;
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

/// Measures what `table` lacks. Where the probe is stopped, the layers' own errors stand: what it got to know
/// is kept for the next time.
Result<Measured> measureTable(SensitivityTable table, const std::shared_ptr<const Model>& model,
    const QString& statistics, int probeCalls, const ModelParts& parts,
    const std::shared_ptr<const SensitivityTable>& known, const JobContext& job)
{
    const auto opened = openForMeasuring(table, *model, statistics, job);
    if (!opened)
        return tl::unexpected(opened.error());
    if (probeCalls > 0)
        table.probe = probeSettings(probeCalls, probePrompts(opened->get()));
    if (known)
        takeMeasurements(table, *known);
    if (Status done = measureErrors(table, *model, {opened->get(), 0, {}}, job); !done)
        return forward(std::move(done));
    const auto options = generatorOptions(parts);
    if (!options)
        return tl::unexpected(options.error());
    Status probed = probeLayers(table, model, *options, {}, job);
    if (!probed && probed.error().code != ErrorCode::Cancelled)
        return forward(std::move(probed));
    auto all = std::make_shared<const SensitivityTable>(table);
    if (!probed) {
        table.probe = {};
        for (LayerSensitivity& layer : table.layers)
            layer.probe.reset();
    }
    const HarmMeasure measure = measureOf(table);
    return Measured{
        std::make_shared<const SensitivityTable>(std::move(table)), std::move(all), {}, measure, !probed};
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
                static_cast<double>(snapshot.bytesDone) / static_cast<double>(snapshot.bytesTotal),
                tr("Trying the formats on the weights…"));
        else if (snapshot.itemsTotal > 0) // sampling of calls, then layer by layer
            Q_EMIT progressed(static_cast<double>(snapshot.itemsDone) / snapshot.itemsTotal,
                tr("Probing the network: %1 of %2")
                    .arg(countText(snapshot.itemsDone), countText(snapshot.itemsTotal)));
    });
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        m_measure.requestStop();
        m_table.reset();
        m_known.reset();
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
        [start, formats, statistics, calls = m_probeCalls, parts = m_document.parts(), known = m_known,
            model = m_document.model()](const JobContext& job) -> Result<Measured> {
            auto table = sensitivityCandidates(start, *model, formats);
            if (!table)
                return forward(std::move(table));
            auto measured = measureTable(std::move(*table), model, statistics, calls, parts, known, job);
            if (!measured)
                return measured;
            auto curve = fileCurve(start, model, *measured->table);
            if (!curve)
                return forward(std::move(curve));
            measured->curve = std::move(*curve);
            return measured;
        },
        [this, model = m_document.model()](Result<Measured> result) {
            if (model != m_document.model())
                return;
            if (!result) {
                Q_EMIT failed(result.error());
                return;
            }
            m_table = std::move(result->table);
            m_known = std::move(result->known);
            m_curve = std::move(result->curve);
            m_measureUsed = result->measure;
            m_probeStopped = result->probeStopped;
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
