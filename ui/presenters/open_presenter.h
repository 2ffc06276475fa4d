// SPDX-License-Identifier: GPL-3.0-or-later
// Opens checkpoints and plan files for the window: the work runs on an engine thread, the result goes to the
// document.
#pragma once

#include "ui/document.h"
#include "ui/presenters/plan_editor.h"
#include "ui/recent_files.h"

#include <QObject>
#include <QString>

#include <vector>

namespace mantissa::ui {

/// Why a file did not open; `dangerous` lists the calls that a pickle would have made.
struct OpenFailure {
    QString file;
    Error error;
    std::vector<PickleCall> dangerous;
};

class OpenPresenter : public QObject {
    Q_OBJECT
public:
    OpenPresenter(PlanDocument& document, PlanEditor& editor, RecentFiles& recent, QObject* parent = nullptr);

    /// A checkpoint, or a plan (.json) for the checkpoint that is open.
    void open(const QString& file);
    void openSample();
    /// A checkpoint with a plan that is taken as it is. `catalogue` is the catalogueHash() that the file is
    /// expected to have; a notice says where it has another.
    void openWith(const QString& file, const DetectionOverrides& overrides, const QuantPlan& plan,
        const QString& catalogue = {});
    /// Looks at the open checkpoint again with what the user knows better; what was set by hand stays.
    void redetect(const DetectionOverrides& overrides);
    /// From a plan file, or from an export that says what plan made it.
    void openPlan(const QString& file);
    /// Writes the plan; the document then counts as saved.
    void savePlan(const QString& file);

    bool isBusy() const { return m_job.isRunning(); }
    void cancel();
    /// Of the open checkpoint; empty if none is open.
    QString file() const { return m_file; }
    QString planFile() const { return m_planFile; }
    const DetectionOverrides& overrides() const { return m_overrides; }

Q_SIGNALS:
    void openStarted(const QString& file);
    void openEnded(); ///< after success, failure and cancel alike
    void failed(const mantissa::ui::OpenFailure& failure);
    void notice(const QString& text);
    void planFileChanged();

private:
    struct Outcome {
        OpenedCheckpoint opened;
        std::optional<Error> error;
        std::vector<PickleCall> dangerous;
        std::vector<Sentence> notes; ///< about keys that were translated
        bool changed = false; ///< not the catalogue that was expected
    };
    struct Request {
        QString file;
        std::shared_ptr<const TensorSource> source; ///< null: open the file
        DetectionOverrides overrides;
        std::optional<QuantPlan> carryOver; ///< what was set by hand goes on top of the defaults
        std::optional<QuantPlan> exact; ///< the plan as it is
        QString catalogue;
    };
    static Result<Outcome> run(const Request& request, const JobContext& job);
    void startOpening(const Request& request);
    void finishOpening(const Request& request, Outcome outcome);

    PlanDocument& m_document;
    PlanEditor& m_editor;
    RecentFiles& m_recent;
    JobController m_job, m_planJob;
    QString m_file, m_planFile;
    DetectionOverrides m_overrides;
};

} // namespace mantissa::ui
