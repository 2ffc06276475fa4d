// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration: what to sample, start and stop, and what is seen of the selected layer meanwhile.
#pragma once

#include "ui/presenters/calibration_presenter.h"

#include <QWidget>

class QAction;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace mantissa::ui {

class Actions;
class CalibrationOptions;
class HistogramPlot;
class MultiplesView;
class PathField;
class PromptSource;

class CalibrationPanel : public QWidget {
    Q_OBJECT
public:
    CalibrationPanel(const Actions& actions, CalibrationPresenter& presenter, QWidget* parent = nullptr);

    CalibrationSettings settings() const;
    QWidget* plot() const; ///< for PictureSaver
    /// After another model was opened.
    void reset();

Q_SIGNALS:
    /// The clip line was let go there; 0: taken back.
    void clipChosen(const QString& layer, double clip);

private:
    QWidget* makeSettings(const Actions& actions);
    QWidget* makeView();
    void connectPresenter();
    void refresh();
    void showView(const ActivationView& view);
    void showMultiples(const std::vector<ActivationView>& views);
    void showOutcome();
    QString convergenceText(const ActivationView& view);
    void showStatistics();

    CalibrationPresenter& m_presenter;
    PromptSource* m_prompts;
    CalibrationOptions* m_options;
    QSpinBox* m_count;
    QSpinBox* m_steps;
    QSpinBox* m_seed;
    PathField* m_output;
    QLabel* m_problem;
    QPushButton* m_start;
    QPushButton* m_stop;
    QPushButton* m_open;
    QProgressBar* m_bar;
    QLabel* m_state;
    QLabel* m_statistics;
    QLabel* m_layer;
    QLabel* m_outcome;
    QLabel* m_words;
    QLabel* m_empty;
    QLabel* m_multiplesCount;
    QToolButton* m_scale;
    QToolButton* m_pin;
    QToolButton* m_reset;
    QWidget* m_viewPage = nullptr;
    HistogramPlot* m_plot;
    MultiplesView* m_multiples;
    bool m_resumable = false;
    double m_largest = 0; ///< of the layer that is watched, and the step in which it last grew
    std::uint32_t m_largestStep = 0;
    QString m_largestOf;
};

} // namespace mantissa::ui
