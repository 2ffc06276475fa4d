// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a form that asks where prompts come from.
#pragma once

#include "ui/prompt_choice.h"

#include <QObject>

class QComboBox;
class QFormLayout;
class QPlainTextEdit;
class QWidget;

namespace mantissa::ui {

class PathField;

class PromptSource : public QObject {
    Q_OBJECT
public:
    /// Object names begin with `name`: `name`Source, `name`PromptFile, `name`Typed.
    PromptSource(const QString& name, QWidget* parent);
    QComboBox* picker() const { return m_picker; }
    void addTo(QFormLayout* form);
    PromptChoice choice() const;
    void setEnabled(bool enabled);

Q_SIGNALS:
    void changed();

private:
    void showPage(int index);

    QString m_name;
    QComboBox* m_picker;
    QWidget* m_pages;
    PathField* m_file;
    QPlainTextEdit* m_typed;
};

} // namespace mantissa::ui
