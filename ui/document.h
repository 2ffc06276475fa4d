// SPDX-License-Identifier: GPL-3.0-or-later
// The open checkpoint and its plan: the one thing that the window edits. Every change of the plan is an undo
// command; the plan is applied to the model on an engine thread, and views follow when the result arrives.
#pragma once

#include "ui/job_controller.h"
#include "ui/model_parts.h"
#include "ui/models/layer_tree.h"
#include "ui/plan_state.h"

#include <QObject>
#include <QUndoStack>

#include <memory>

namespace mantissa::ui {

/// All that opening a file yields; made on an engine thread.
struct OpenedCheckpoint {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const LayerTree> tree;
    QuantPlan plan;
    std::shared_ptr<const PlanState> state;
    QString file; ///< what was opened: a file or a folder
    DetectionOverrides overrides;
};

class PlanDocument : public QObject {
    Q_OBJECT
public:
    explicit PlanDocument(QObject* parent = nullptr);

    /// Replaces model and plan; forgets the undo history.
    void reset(OpenedCheckpoint opened);

    bool isEmpty() const { return m_model == nullptr; }
    QString file() const { return m_file; }
    const DetectionOverrides& overrides() const { return m_overrides; }
    std::shared_ptr<const Model> model() const { return m_model; }
    std::shared_ptr<const LayerTree> tree() const { return m_tree; }
    std::shared_ptr<const PlanState> state() const { return m_state; }
    /// Valid until the next edit: a changed plan is a new object.
    const QuantPlan& plan() const { return *m_plan; }
    QUndoStack* undoStack() { return &m_undo; }
    bool isModified() const { return !m_undo.isClean(); }
    /// True while a change of the plan has not reached state() yet.
    bool isResolving() const { return m_resolver.isRunning(); }

    /// What other files have for running the network; forgotten with the checkpoint, no part of the plan.
    const ModelParts& parts() const { return m_parts; }
    void setParts(const ModelParts& parts);

    /// Makes `next` the plan, as one step of the given name. Nothing happens if nothing changes.
    void edit(QuantPlan next, const QString& step);

Q_SIGNALS:
    void modelChanged();
    void partsChanged();
    void planChanged();
    void stateChanged();
    void resolvingChanged();
    void resolveFailed(const mantissa::Error& error);

private:
    friend class PlanEditCommand;
    void setPlan(std::shared_ptr<const QuantPlan> plan);
    void resolve();

    QString m_file;
    DetectionOverrides m_overrides;
    ModelParts m_parts;
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const LayerTree> m_tree;
    std::shared_ptr<const PlanState> m_state;
    std::shared_ptr<const QuantPlan> m_plan
        = std::make_shared<const QuantPlan>(); ///< shared with the resolver
    QUndoStack m_undo;
    JobController m_resolver;
};

} // namespace mantissa::ui
