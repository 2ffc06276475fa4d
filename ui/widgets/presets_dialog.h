// SPDX-License-Identifier: GPL-3.0-or-later
// Presets, those that ship for the model and the person's own, each shown as what it would change before it
// applies; the present plan becomes one, and files come in and go out.
#pragma once

#include "ui/document.h"
#include "ui/presenters/rule_preview.h"
#include "ui/user_presets.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QVBoxLayout;

namespace mantissa::ui {

class PlanPreviewList;

class PresetsDialog : public QDialog {
    Q_OBJECT
public:
    explicit PresetsDialog(PlanDocument& document, QWidget* parent = nullptr);
    /// The plan with the chosen preset, and the step's name; valid after it was accepted.
    QuantPlan plan() const;
    QString presetName() const;

private:
    void makeSide(QVBoxLayout* column);
    void load();
    void fill();
    void showChosen();
    void showPreview(const PlanPreview& preview);
    void save();
    void remove();
    void bringIn();
    void sendOut();
    /// Runs a step that touches files; then reads the list again.
    void run(std::function<Status()> work, const QString& done);

    PlanDocument& m_document;
    std::vector<UserPreset> m_own;
    QListWidget* m_list;
    QLabel* m_summary;
    PlanPreviewList* m_changes;
    QLineEdit* m_name;
    QPushButton* m_save;
    QPushButton* m_remove;
    QPushButton* m_export;
    QPushButton* m_apply = nullptr;
    RulePreview m_preview;
    JobController m_reader, m_writer;
};

} // namespace mantissa::ui
