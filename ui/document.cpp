// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document.h"

#include "ui/commands/plan_edit_command.h"

namespace mantissa::ui {

PlanDocument::PlanDocument(QObject* parent)
    : QObject(parent)
{
    connect(&m_resolver, &JobController::runningChanged, this, &PlanDocument::resolvingChanged);
}

void PlanDocument::reset(OpenedCheckpoint opened)
{
    m_resolver.requestStop();
    m_undo.clear();
    if (m_file != opened.file) // detection by other rules leaves them
        m_parts = {};
    m_file = std::move(opened.file);
    m_overrides = std::move(opened.overrides);
    m_model = std::move(opened.model);
    m_tree = std::move(opened.tree);
    m_plan = std::make_shared<const QuantPlan>(std::move(opened.plan));
    m_state = std::move(opened.state);
    Q_EMIT modelChanged();
    Q_EMIT planChanged();
    Q_EMIT stateChanged();
}

void PlanDocument::setParts(const ModelParts& parts)
{
    if (m_parts == parts)
        return;
    m_parts = parts;
    Q_EMIT partsChanged();
}

void PlanDocument::edit(QuantPlan next, const QString& step)
{
    PlanDelta delta = PlanDelta::between(*m_plan, next);
    if (!isEmpty() && !delta.isEmpty())
        m_undo.push(new PlanEditCommand(
            *this, std::move(delta), std::make_shared<const QuantPlan>(std::move(next)), step));
}

void PlanDocument::setPlan(std::shared_ptr<const QuantPlan> plan)
{
    m_plan = std::move(plan);
    Q_EMIT planChanged();
    resolve();
}

void PlanDocument::resolve()
{
    using StatePtr = std::shared_ptr<const PlanState>;
    m_resolver.start<StatePtr>(
        [plan = m_plan, model = m_model, tree = m_tree](const JobContext&) -> Result<StatePtr> {
            Result<PlanState> state = computePlanState(*plan, model, *tree);
            if (!state)
                return forward(std::move(state));
            return std::make_shared<const PlanState>(std::move(*state));
        },
        [this, model = m_model](Result<StatePtr> state) {
            if (model != m_model)
                return; // another file was opened meanwhile
            if (!state) {
                Q_EMIT resolveFailed(state.error());
                return;
            }
            m_state = std::move(*state);
            Q_EMIT stateChanged();
        });
}

} // namespace mantissa::ui
