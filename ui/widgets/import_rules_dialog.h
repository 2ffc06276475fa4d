// SPDX-License-Identifier: GPL-3.0-or-later
// Rules of other tools, pasted or from a file, shown as the layers that they would change before they apply.
#pragma once

#include "engine/plan/rule_import.h"
#include "ui/presenters/plan_editor.h"
#include "ui/presenters/rule_preview.h"

#include <QDialog>
#include <QTimer>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace mantissa::ui {

class PlanPreviewList;

class ImportRulesDialog : public QDialog {
    Q_OBJECT
public:
    ImportRulesDialog(PlanDocument& document, PlanEditor& editor, QWidget* parent = nullptr);

private:
    void read();
    void openFile();
    void apply();

    PlanDocument& m_document;
    PlanEditor& m_editor;
    QPlainTextEdit* m_text;
    QLabel* m_notes;
    PlanPreviewList* m_changes;
    QPushButton* m_apply;
    ImportedRules m_imported;
    RulePreview m_preview;
    JobController m_reader;
    QTimer m_delay;
};

} // namespace mantissa::ui
