// SPDX-License-Identifier: GPL-3.0-or-later
// A person's own words about one layer.
#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace mantissa::ui {

class NoteDialog : public QDialog {
    Q_OBJECT
public:
    NoteDialog(const QString& layer, const QString& note, QWidget* parent = nullptr);
    QString note() const;

private:
    QPlainTextEdit* m_text;
};

} // namespace mantissa::ui
