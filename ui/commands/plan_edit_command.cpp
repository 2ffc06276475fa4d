// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/plan_edit_command.h"

#include "ui/document.h"

namespace mantissa::ui {

PlanEditCommand::PlanEditCommand(
    PlanDocument& document, PlanDelta delta, std::shared_ptr<const QuantPlan> result, const QString& step)
    : QUndoCommand(step)
    , m_document(document)
    , m_delta(std::move(delta))
    , m_result(std::move(result))
{ }

void PlanEditCommand::redo()
{
    if (m_result) {
        m_document.setPlan(std::exchange(m_result, nullptr));
        return;
    }
    QuantPlan plan = m_document.plan();
    m_delta.redo(plan);
    m_document.setPlan(std::make_shared<const QuantPlan>(std::move(plan)));
}

void PlanEditCommand::undo()
{
    QuantPlan plan = m_document.plan();
    m_delta.undo(plan);
    m_document.setPlan(std::make_shared<const QuantPlan>(std::move(plan)));
}

} // namespace mantissa::ui
