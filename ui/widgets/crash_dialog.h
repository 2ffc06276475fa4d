// SPDX-License-Identifier: GPL-3.0-or-later
// What crash reports say, to read, copy or delete.
#pragma once

#include "ui/presenters/crash_reports.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace mantissa::ui {

class CrashDialog : public QDialog {
    Q_OBJECT
public:
    explicit CrashDialog(CrashReports& reports, QWidget* parent = nullptr);

private:
    void refresh();
    void showCurrent();
    const CrashReport* current() const;

    CrashReports& m_reports;
    QComboBox* m_which;
    QPlainTextEdit* m_text;
    QLabel* m_empty;
    QPushButton* m_copy;
    QPushButton* m_delete;
};

} // namespace mantissa::ui
