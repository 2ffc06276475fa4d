// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/findings_presenter.h"

#include "engine/calibration/outliers.h"
#include "engine/compat/loaders.h"
#include "ui/settings.h"
#include "ui/text.h"

#include <algorithm>

namespace mantissa::ui {

namespace {

const Loader* loaderOf(const QString& id)
{
    for (const Loader& loader : knownLoaders())
        if (loader.id == toStd(id))
            return &loader;
    return nullptr;
}

} // namespace

QString severityText(Severity severity)
{
    switch (severity) {
    case Severity::Problem:
        return FindingsPresenter::tr("Problem");
    case Severity::Warning:
        return FindingsPresenter::tr("Warning");
    case Severity::Note:
        return FindingsPresenter::tr("Note");
    }
    return {};
}

QString fixText(const PlanFix& fix)
{
    switch (fix.kind) {
    case PlanFix::Kind::SetChoice:
        if (fix.choice.keeps())
            return FindingsPresenter::tr("Keep them as they are");
        if (fix.choice.params.convrotGroup.value_or(0) > 0)
            return FindingsPresenter::tr("Rotate them by %1 channels").arg(*fix.choice.params.convrotGroup);
        return FindingsPresenter::tr("Store them as %1").arg(formatName(fix.choice.format));
    case PlanFix::Kind::SetBase:
        return FindingsPresenter::tr("Make %1 the base format").arg(formatName(fix.choice.format));
    case PlanFix::Kind::PreserveCritical:
        return FindingsPresenter::tr("Preserve critical layers");
    case PlanFix::Kind::SetOutputDtype:
        return FindingsPresenter::tr("Write float32 weights as %1").arg(toQt(fix.value));
    case PlanFix::Kind::SetRecipe:
        return FindingsPresenter::tr("Use the recipe %1").arg(toQt(fix.value));
    case PlanFix::Kind::RemoveRules:
        return FindingsPresenter::tr("Remove the rule");
    case PlanFix::Kind::RemoveOverrides:
        return FindingsPresenter::tr("Remove them from the plan");
    }
    return {};
}

FindingsPresenter::FindingsPresenter(PlanDocument& document, PlanEditor& editor,
    CalibrationPresenter& calibration, SensitivityPresenter& sensitivity, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_editor(editor)
    , m_calibration(calibration)
    , m_sensitivity(sensitivity)
    , m_loader(settingValue(Setting::TargetRuntime).toString())
{
    if (loaderOf(m_loader) == nullptr)
        m_loader.clear();
    connect(&m_document, &PlanDocument::stateChanged, this, &FindingsPresenter::refresh);
    connect(&m_calibration, &CalibrationPresenter::statisticsChanged, this, &FindingsPresenter::refresh);
    connect(&m_sensitivity, &SensitivityPresenter::measured, this, &FindingsPresenter::refresh);
}

int FindingsPresenter::count(Severity atLeast) const
{
    return static_cast<int>(std::count_if(m_findings.begin(), m_findings.end(),
        [atLeast](const Finding& finding) { return finding.severity >= atLeast; }));
}

void FindingsPresenter::setLoader(const QString& id)
{
    if (id == m_loader)
        return;
    m_loader = id;
    setSettingValue(Setting::TargetRuntime, id);
    refresh();
}

void FindingsPresenter::refresh()
{
    using Findings = std::vector<Finding>;
    const auto state = m_document.state();
    if (m_document.isEmpty() || !state) {
        m_findings.clear();
        Q_EMIT changed();
        return;
    }
    m_job.start<Findings>(
        [state, plan = m_document.plan(), model = m_document.model(), loader = m_loader,
            statistics = m_calibration.statisticsFile(),
            errors = m_sensitivity.errors()](const JobContext&) -> Result<Findings> {
            Findings all = state->resolved.findings;
            const auto add = [&all](Findings more) {
                all.insert(
                    all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
            };
            if (const Loader* target = loaderOf(loader))
                add(loaderFindings(plan, *model, state->resolved, *target));
            if (statistics) // a damaged file is reported where it is opened
                if (auto outliers = outlierFindings(plan, *model, state->resolved, *statistics))
                    add(std::move(*outliers));
            if (errors)
                add(measuredFindings(errors->table()));
            std::stable_sort(all.begin(), all.end(),
                [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
            return all;
        },
        [this, model = m_document.model()](Result<Findings> findings) {
            if (model != m_document.model() || !findings)
                return;
            m_findings = std::move(*findings);
            Q_EMIT changed();
        });
}

void FindingsPresenter::apply(std::size_t finding, std::size_t fix)
{
    if (m_document.isResolving() || m_job.isRunning())
        return; // what is shown is about an older plan; the new one shows in a moment
    if (finding < m_findings.size() && fix < m_findings[finding].fixes.size())
        m_editor.mend(m_findings[finding], m_findings[finding].fixes[fix]);
}

} // namespace mantissa::ui
