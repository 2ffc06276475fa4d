// SPDX-License-Identifier: GPL-3.0-or-later
// Size against harm: the curve of the best mixes, a slider along it, and a field for a size.
#pragma once

#include "ui/presenters/budget_presenter.h"

#include <QWidget>

#include <functional>

class QCPGraph;
class QCPItemTracer;
class QCustomPlot;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSlider;
class QSpinBox;

namespace mantissa::ui {

class Actions;

class BudgetPanel : public QWidget {
    Q_OBJECT
public:
    BudgetPanel(BudgetPresenter& presenter, const Actions& actions, QWidget* parent = nullptr);
    QWidget* plot() const; ///< for PictureSaver

protected:
    void changeEvent(QEvent* event) override;

private:
    void makePlot();
    void restyle();
    void showCurve();
    void showState();
    void showPlace(); ///< of the slider, before it is let go
    std::uint64_t bytesAt(int value) const;

    BudgetPresenter& m_presenter;
    QPushButton* m_measure;
    QPushButton* m_stop;
    QSpinBox* m_probe;
    QProgressBar* m_bar;
    QLineEdit* m_target;
    QPushButton* m_apply;
    QSlider* m_slider;
    QLabel* m_place;
    QLabel* m_state;
    QLabel* m_empty;
    QCustomPlot* m_plot;
    QCPGraph* m_graph = nullptr;
    QCPItemTracer* m_dot = nullptr;
};

} // namespace mantissa::ui
