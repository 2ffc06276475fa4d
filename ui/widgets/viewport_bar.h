// SPDX-License-Identifier: GPL-3.0-or-later
// The controls of a viewport: ways of looking, zoom, and what the present way can be tuned with. Buttons are
// actions of the table, so that menus, keys and buttons say the same.
#pragma once

#include "ui/actions.h"
#include "ui/viewport/picture_viewport.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSlider;
class QSpinBox;
class QToolButton;

namespace mantissa::ui {

class ViewportBar : public QWidget {
    Q_OBJECT
public:
    ViewportBar(const Actions& actions, PictureViewport& viewport, QWidget* parent = nullptr);

private:
    void connectActions(const Actions& actions);
    void showView();

    PictureViewport& m_viewport;
    QAction* m_modes[kViewModes];
    QLabel* m_modeName;
    QAction* m_smooth;
    QAction* m_loupe;
    QComboBox* m_kind;
    QLabel* m_gainLabel;
    QSlider* m_gain;
    QLabel* m_toleranceLabel;
    QSpinBox* m_tolerance;
    QLabel* m_opacityLabel;
    QSlider* m_opacity;
    QToolButton* m_fitB;
    QLabel* m_zoom;
};

} // namespace mantissa::ui
