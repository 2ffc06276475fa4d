// SPDX-License-Identifier: GPL-3.0-or-later
// Makes or changes a rule, and shows the layers that it would change before it does.
#pragma once

#include "ui/presenters/rule_preview.h"

#include <QDialog>
#include <QTimer>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace mantissa::ui {

class PlanPreviewList;

class RuleDialog : public QDialog {
    Q_OBJECT
public:
    /// `index`: the rule to change; -1: a new one, which becomes the strongest.
    RuleDialog(PlanDocument& document, int index, QWidget* parent = nullptr);
    Rule rule() const;
    void setPattern(const QString& pattern);

private:
    void askForPreview();
    void showPreview(const PlanPreview& preview);
    PlanDocument& m_document;
    int m_index;
    Rule m_start; ///< what is not edited here stays
    QLineEdit* m_pattern;
    QComboBox* m_format;
    QLineEdit* m_reason;
    PlanPreviewList* m_changes;
    QPushButton* m_apply = nullptr;
    RulePreview m_preview;
    QTimer m_delay;
};

} // namespace mantissa::ui
