// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/sensitivity_presenter.h"

#include "ui/presenters/measuring.h"

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

LayerErrors::LayerErrors(SensitivityTable table, std::size_t layers)
    : m_table(std::move(table))
    , m_rows(layers, -1)
{
    for (std::size_t row = 0; row < m_table.layers.size(); ++row) {
        m_rows[m_table.layers[row].layer] = static_cast<std::ptrdiff_t>(row);
        m_ofOutputs = m_ofOutputs || m_table.layers[row].evidence != InputEvidence::None;
    }
}

const LayerSensitivity* LayerErrors::layer(std::size_t index) const
{
    const std::ptrdiff_t row = index < m_rows.size() ? m_rows[index] : -1;
    return row < 0 ? nullptr : &m_table.layers[static_cast<std::size_t>(row)];
}

std::optional<double> LayerErrors::errorOf(std::size_t index, const Choice& choice) const
{
    const LayerSensitivity* known = layer(index);
    if (known == nullptr)
        return std::nullopt;
    if (choice.keeps())
        return 0.0;
    for (const ChoiceSensitivity& each : known->choices)
        if (each.choice.format == choice.format && each.weightError)
            return std::sqrt(each.outputError.value_or(*each.weightError));
    return std::nullopt;
}

SensitivityPresenter::SensitivityPresenter(PlanDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&m_measure, &JobController::runningChanged, this, &SensitivityPresenter::measuringChanged);
    connect(&m_measure, &JobController::progressed, this, [this](const ProgressSnapshot& snapshot) {
        if (snapshot.bytesTotal > 0)
            Q_EMIT progressed(
                static_cast<double>(snapshot.bytesDone) / static_cast<double>(snapshot.bytesTotal));
    });
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        m_measure.requestStop();
        m_errors.reset();
        Q_EMIT measured();
    });
}

void SensitivityPresenter::measure(const QString& statistics)
{
    if (m_document.isEmpty() || isMeasuring())
        return;
    using Errors = std::shared_ptr<const LayerErrors>;
    const QuantPlan plan = planToMeasure(m_document.plan());
    m_measure.start<Errors>(
        [plan, statistics, model = m_document.model()](const JobContext& job) -> Result<Errors> {
            const auto resolved = resolvePlan(plan, *model);
            if (!resolved)
                return tl::unexpected(resolved.error());
            auto table = sensitivityOfPlan(plan, *model, *resolved);
            if (!table)
                return forward(std::move(table));
            const auto opened = openForMeasuring(*table, *model, statistics, job);
            if (!opened)
                return tl::unexpected(opened.error());
            if (Status done = measureErrors(*table, *model, {opened->get(), 0, {}}, job); !done)
                return forward(std::move(done));
            return std::make_shared<const LayerErrors>(std::move(*table), model->layers.size());
        },
        [this, model = m_document.model()](Result<Errors> errors) {
            if (model != m_document.model())
                return;
            if (!errors) {
                Q_EMIT failed(errors.error());
                return;
            }
            m_errors = std::move(*errors);
            Q_EMIT measured();
        });
}

void SensitivityPresenter::cancel()
{
    m_measure.requestStop();
}

} // namespace mantissa::ui
