// SPDX-License-Identifier: GPL-3.0-or-later
// One named step of editing the plan.
#pragma once

#include "ui/commands/plan_delta.h"

#include <QUndoCommand>

namespace mantissa::ui {

class PlanDocument;

class PlanEditCommand : public QUndoCommand {
public:
    /// `document` owns the undo stack that owns this command.
    /// `result` is the plan after the step, for the first redo.
    PlanEditCommand(PlanDocument& document, PlanDelta delta, std::shared_ptr<const QuantPlan> result,
        const QString& step);
    void redo() override;
    void undo() override;

private:
    PlanDocument& m_document;
    PlanDelta m_delta;
    std::shared_ptr<const QuantPlan> m_result;
};

} // namespace mantissa::ui
