// SPDX-License-Identifier: GPL-3.0-or-later
// Reports of earlier crashes: lists, reads and removes them, off the window's thread. Nothing is sent.
#pragma once

#include "ui/job_controller.h"

#include <QDateTime>
#include <QObject>
#include <QString>

namespace mantissa::ui {

struct CrashReport {
    QString file, text;
    QDateTime when;
};

class CrashReports : public QObject {
    Q_OBJECT
public:
    explicit CrashReports(QString folder, QObject* parent = nullptr);

    /// changed() follows; appeared() where there is one that no window has shown yet.
    void look();
    /// Newest first.
    const QList<CrashReport>& reports() const { return m_reports; }
    void remove(const QString& file);

Q_SIGNALS:
    void changed();
    void appeared(const mantissa::ui::CrashReport& newest);
    void failed(const mantissa::Error& error);

private:
    QString m_folder;
    QList<CrashReport> m_reports;
    JobController m_job, m_remover;
};

} // namespace mantissa::ui
