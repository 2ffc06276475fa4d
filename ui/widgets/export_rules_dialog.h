// SPDX-License-Identifier: GPL-3.0-or-later
// What the plan does, as rules of another tool: shown with what they cannot say, to be copied or saved.
#pragma once

#include "engine/plan/rule_export.h"
#include "ui/document.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace mantissa::ui {

class ExportRulesDialog : public QDialog {
    Q_OBJECT
public:
    explicit ExportRulesDialog(PlanDocument& document, QWidget* parent = nullptr);

private:
    struct Written {
        Result<ExportedRules> rules;
        std::vector<std::string> formats; ///< that the rules can be about, where that is one
    };
    const RuleDialect& dialect() const;
    void write();
    void show(const Written& written);
    void copy();
    void save();

    PlanDocument& m_document;
    QComboBox *m_tool, *m_format;
    QLabel *m_about, *m_formatLabel, *m_notes, *m_done;
    QPlainTextEdit* m_text;
    QPushButton *m_copy, *m_save;
    JobController m_writer, m_saver;
};

} // namespace mantissa::ui
