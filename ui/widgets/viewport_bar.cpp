// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/viewport_bar.h"

#include "ui/widgets/named.h"

#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include <cmath>

namespace mantissa::ui {

namespace {

constexpr int kMostGain = 64, kMostTolerance = 64;

constexpr std::array<ActionId, kViewModes> kModeActions{ActionId::ViewSplitVertical,
    ActionId::ViewSplitHorizontal, ActionId::ViewSideBySide, ActionId::ViewBlink, ActionId::ViewOverlay,
    ActionId::ViewDifference};

QToolButton* buttonOf(QAction* action, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    button->setAccessibleName(action->toolTip());
    button->setAutoRaise(true);
    button->setIconSize(QSize(18, 18));
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    button->setToolTip(
        keys.isEmpty() ? action->toolTip() : QStringLiteral("%1 (%2)").arg(action->toolTip(), keys));
    return button;
}

} // namespace

ViewportBar::ViewportBar(const Actions& actions, PictureViewport& viewport, QWidget* parent)
    : QWidget(parent)
    , m_viewport(viewport)
    , m_modeName(named(new QLabel(this), "viewMode", tr("Way of looking")))
    , m_smooth(actions[ActionId::ViewSmooth])
    , m_loupe(actions[ActionId::ViewLoupe])
    , m_kind(named(new QComboBox(this), "differenceKind", tr("Kind of difference")))
    , m_gainLabel(named(new QLabel(this), "differenceGainLabel", tr("Gain of the difference")))
    , m_gain(named(new QSlider(Qt::Horizontal, this), "differenceGain", tr("Gain of the difference")))
    , m_toleranceLabel(named(new QLabel(tr("Tolerance"), this), "differenceToleranceLabel", tr("Tolerance")))
    , m_tolerance(named(
          new QSpinBox(this), "differenceTolerance", tr("Tolerance: differences up to it are shown as none")))
    , m_opacityLabel(named(new QLabel(this), "overlayOpacityLabel", tr("Share of B in the overlay")))
    , m_opacity(named(new QSlider(Qt::Horizontal, this), "overlayOpacity", tr("Share of B in the overlay")))
    , m_fitB(named(new QToolButton(this), "fitSecond", tr("Stretch B over the area of A, to look at only")))
    , m_zoom(named(new QLabel(this), "viewZoom", tr("Zoom")))
{
    setObjectName(QStringLiteral("viewportBar"));
    setAccessibleName(tr("Ways of looking"));
    m_kind->addItem(tr("Absolute"));
    m_kind->addItem(tr("Relative"));
    m_kind->addItem(tr("Signed"));
    m_kind->addItem(tr("FLIP"));
    m_kind->setToolTip(tr("Largest difference of a channel; the same as a share of what A has there; lighter "
                          "(orange) or darker "
                          "(blue); what an eye notices"));
    m_gain->setRange(1, kMostGain);
    m_gain->setPageStep(4);
    m_tolerance->setRange(0, kMostTolerance);
    m_opacity->setRange(0, 100);
    m_fitB->setText(tr("Fit B to A"));
    m_fitB->setToolTip(m_fitB->accessibleName());
    m_fitB->setCheckable(true);
    for (QSlider* slider : {m_gain, m_opacity})
        slider->setFixedWidth(110);
    m_zoom->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("6400 %")));
    m_zoom->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(4);
    for (const ActionId id : kModeActions)
        row->addWidget(buttonOf(actions[id], this));
    row->addSpacing(6);
    row->addWidget(m_modeName);
    row->addSpacing(10);
    for (QWidget* tuned : std::initializer_list<QWidget*>{
             m_kind, m_gainLabel, m_gain, m_toleranceLabel, m_tolerance, m_opacityLabel, m_opacity, m_fitB})
        row->addWidget(tuned);
    row->addStretch(1);
    for (const ActionId id : {ActionId::ViewLoupe, ActionId::ViewSmooth, ActionId::ZoomOut, ActionId::ZoomIn,
             ActionId::ZoomFit, ActionId::ZoomActual})
        row->addWidget(buttonOf(actions[id], this));
    row->addWidget(m_zoom);

    connectActions(actions);
    connect(m_kind, &QComboBox::activated, &m_viewport,
        [this](int kind) { m_viewport.setDifferenceKind(static_cast<DifferenceKind>(kind)); });
    connect(m_gain, &QSlider::valueChanged, &m_viewport, [this](int gain) { m_viewport.setGain(gain); });
    connect(m_tolerance, &QSpinBox::valueChanged, &m_viewport, &PictureViewport::setTolerance);
    connect(m_opacity, &QSlider::valueChanged, &m_viewport,
        [this](int percent) { m_viewport.setOpacity(percent / 100.0); });
    connect(m_fitB, &QToolButton::toggled, &m_viewport, &PictureViewport::setFitB);
    connect(&m_viewport, &PictureViewport::viewChanged, this, &ViewportBar::showView);
    showView();
}

void ViewportBar::connectActions(const Actions& actions)
{
    auto* group = new QActionGroup(this);
    for (std::size_t mode = 0; mode < kModeActions.size(); ++mode) {
        m_modes[mode] = actions[kModeActions[mode]];
        group->addAction(m_modes[mode]);
        connect(m_modes[mode], &QAction::triggered, &m_viewport, [this, mode] {
            m_viewport.setMode(static_cast<ViewMode>(mode));
            m_viewport.setFocus();
        });
    }
    connect(m_smooth, &QAction::toggled, &m_viewport, &PictureViewport::setSmooth);
    connect(m_loupe, &QAction::toggled, &m_viewport, &PictureViewport::setLoupe);
    connect(actions[ActionId::ZoomFit], &QAction::triggered, &m_viewport, &PictureViewport::fit);
    connect(actions[ActionId::ZoomActual], &QAction::triggered, &m_viewport, &PictureViewport::actualSize);
    connect(actions[ActionId::ZoomIn], &QAction::triggered, &m_viewport, [this] { m_viewport.zoomBy(2); });
    connect(actions[ActionId::ZoomOut], &QAction::triggered, &m_viewport, [this] { m_viewport.zoomBy(0.5); });
}

void ViewportBar::showView()
{
    const PictureView& view = m_viewport.view();
    QAction* mode = m_modes[static_cast<std::size_t>(view.mode)];
    mode->setChecked(true);
    m_modeName->setText(mode->text().remove(QLatin1Char('&')));
    m_smooth->setChecked(view.smooth);
    m_loupe->setChecked(m_viewport.hasLoupe());
    m_kind->setCurrentIndex(static_cast<int>(view.difference));
    m_gain->setValue(static_cast<int>(std::lround(view.gain)));
    m_tolerance->setValue(view.tolerance);
    m_opacity->setValue(static_cast<int>(std::lround(100 * view.opacity)));
    m_gainLabel->setText(tr("Gain %1 ×").arg(std::lround(view.gain)));
    m_opacityLabel->setText(tr("B %1 %").arg(std::lround(100 * view.opacity)));
    const bool difference = view.mode == ViewMode::Difference, overlay = view.mode == ViewMode::Overlay;
    for (QWidget* tuned :
        std::initializer_list<QWidget*>{m_kind, m_gainLabel, m_gain, m_toleranceLabel, m_tolerance})
        tuned->setVisible(difference);
    m_opacityLabel->setVisible(overlay);
    m_opacity->setVisible(overlay);
    m_fitB->setChecked(view.fitB);
    m_fitB->setVisible(m_viewport.pair().isComplete() && !m_viewport.pair().sameSize());
    m_zoom->setText(tr("%1 %").arg(QLocale().toString(100 * view.scale, 'f', view.scale < 0.1 ? 1 : 0)));
}

} // namespace mantissa::ui
