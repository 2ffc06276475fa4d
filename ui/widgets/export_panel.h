// SPDX-License-Identifier: GPL-3.0-or-later
// A running export: phase, share, speed, time left, current layer, log, and how it ended.
#pragma once

#include "ui/presenters/export_presenter.h"

#include <QWidget>

class QAction;
class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace mantissa::ui {

class ExportPanel : public QWidget {
    Q_OBJECT
public:
    ExportPanel(QAction* cancelAction, QAction* showResultAction, QWidget* parent = nullptr);

    void start(const QString& file);
    void setProgress(const ExportProgress& progress);
    void addLog(const QList<LogLine>& lines);
    void setCancelling();
    void finish(const WriteReport& report);
    void showVerified(const VerifyReport& report);
    void fail(const Error& error);

private:
    void endWith(const QString& status, const QString& detail);
    QLabel* m_status;
    QLabel* m_detail;
    QProgressBar* m_bar;
    QPlainTextEdit* m_log;
    QPushButton* m_cancel;
    QPushButton* m_show;
};

} // namespace mantissa::ui
