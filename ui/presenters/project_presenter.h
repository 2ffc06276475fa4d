// SPDX-License-Identifier: GPL-3.0-or-later
// Projects: open, save, and the journal that brings a plan back after a crash. Also exports that name the
// plan and the file they were made from: work goes on from there.
#pragma once

#include "engine/export/provenance.h"
#include "ui/presenters/calibration_presenter.h"
#include "ui/presenters/open_presenter.h"
#include "ui/project.h"
#include "ui/state_file.h"

#include <QLockFile>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace mantissa::ui {

class ProjectPresenter : public QObject {
    Q_OBJECT
public:
    /// `folder` holds journals. `window` gives the layout to save, `judgements` what to keep of ratings and
    /// notes.
    ProjectPresenter(PlanDocument& document, OpenPresenter& opener, CalibrationPresenter& calibration,
        QString folder, std::function<QByteArray()> window, std::function<QJsonObject()> judgements,
        QObject* parent = nullptr);
    /// An orderly end: the journal goes away.
    ~ProjectPresenter() override;

    void open(const QString& file);
    void save(const QString& file);
    QString file() const { return m_file; }
    QString suggestedFile() const;

    /// Looks for journals of sessions that ended without closing; recoveryFound() follows where there is one.
    void lookForJournals();
    void restore();
    void discardRecovery();

    /// What the open file says about its making; empty where it says nothing.
    const std::optional<ExportRecord>& record() const { return m_record; }
    /// The file that the open export was made from, where it lies beside it; empty: unknown.
    QString recordedSource() const { return m_recordedSource; }
    /// Opens that source with the plan of the export.
    void continueFrom(const QString& source);

Q_SIGNALS:
    void opened(const mantissa::ui::Project& project); ///< layout and judgements are to be taken over
    void saved(const QString& file);
    void failed(const QString& file, const mantissa::Error& error);
    void notice(const QString& text);
    void recordChanged();
    void recoveryFound(const mantissa::ui::Project& project);

private:
    Project current() const;
    void writeJournal();
    void openProject(Project project, bool asModified);
    void takeOver();
    void readRecord();

    PlanDocument& m_document;
    OpenPresenter& m_opener;
    CalibrationPresenter& m_calibration;
    QString m_folder, m_file, m_recordedSource;
    std::function<QByteArray()> m_window;
    std::function<QJsonObject()> m_judgements;
    std::optional<Project> m_pending; ///< is being opened
    bool m_pendingModified = false;
    std::optional<ExportRecord> m_record;

    std::unique_ptr<StateFile> m_journal;
    std::unique_ptr<QLockFile> m_lock;
    std::shared_ptr<QLockFile> m_recoveryLock; ///< of the journal that was found
    QString m_recoveryFile;
    std::optional<Project> m_recovery;
    QTimer m_delay;
    JobController m_job, m_saveJob, m_recordJob, m_recoveryJob;
};

} // namespace mantissa::ui
