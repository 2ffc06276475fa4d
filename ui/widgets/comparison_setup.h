// SPDX-License-Identifier: GPL-3.0-or-later
// What is compared: variants beside the pinned original, prompts, seeds and settings; the run's progress
// below.
#pragma once

#include "ui/actions.h"
#include "ui/presenters/comparison_presenter.h"

#include <QScrollArea>

class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace mantissa::ui {

class FilesField;
class FoldedSettings;
class PromptSource;
class SamplingFields;

class ComparisonSetup : public QScrollArea {
    Q_OBJECT
public:
    ComparisonSetup(const Actions& actions, ComparisonPresenter& presenter, PlanDocument& document,
        QWidget* parent = nullptr);

    ComparisonSettings settings() const;
    /// Shows the setting LpipsWeights, which the dialog of settings changes too.
    void showLpips();

private:
    QWidget* makeVariants();
    QLayout* makePrompts();
    QWidget* makeMore();
    QLayout* makeRun(const Actions& actions);
    void connectPresenter();
    void showVariants();
    void showOriginal();
    void addFile();
    void refresh();
    void showProgress(const ProgressSnapshot& snapshot);

    ComparisonPresenter& m_presenter;
    PlanDocument& m_document;
    QLabel* m_original;
    QListWidget* m_list;
    QToolButton* m_add;
    QToolButton* m_remove;
    PromptSource* m_prompts;
    QSpinBox* m_count;
    QLineEdit* m_seeds;
    QSpinBox* m_steps;
    QSpinBox* m_width;
    QSpinBox* m_height;
    FoldedSettings* m_more;
    SamplingFields* m_sampling;
    QLineEdit* m_negative;
    FilesField* m_lpips;
    QLabel* m_problem;
    QPushButton* m_start;
    QPushButton* m_stop;
    QPushButton* m_folders;
    QProgressBar* m_bar;
    QLabel* m_state;
    bool m_filling = false, m_stopped = false;
};

} // namespace mantissa::ui
