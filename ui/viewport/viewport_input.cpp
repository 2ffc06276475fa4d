// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keys of PictureViewport.
#include "ui/viewport/picture_viewport.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

constexpr double kWheelStep = 1.25, kKeyPan = 48, kSplitStep = 0.01;
constexpr double kGrip = 6; ///< distance at which the split is taken hold of, pixels

bool isSplit(ViewMode mode)
{
    return mode == ViewMode::SplitVertical || mode == ViewMode::SplitHorizontal;
}

} // namespace

bool PictureViewport::isOnSplit(QPointF at) const
{
    if (!m_pair.isComplete() || !isSplit(m_view.mode))
        return false;
    return m_view.mode == ViewMode::SplitVertical ? std::abs(at.x() - m_view.split * width()) <= kGrip
                                                  : std::abs(at.y() - m_view.split * height()) <= kGrip;
}

void PictureViewport::resizeEvent(QResizeEvent*)
{
    if (m_fitted)
        fit();
}

void PictureViewport::wheelEvent(QWheelEvent* event)
{
    const double steps = event->angleDelta().y() / 120.0;
    if (m_pair.isEmpty() || steps == 0) {
        event->ignore();
        return;
    }
    zoomBy(std::pow(kWheelStep, steps), toDevice(event->position()));
    event->accept();
}

void PictureViewport::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return;
    m_last = event->position();
    const bool onSplit = event->button() == Qt::LeftButton && isOnSplit(event->position());
    m_drag = onSplit ? Drag::Split : Drag::Pan;
    if (m_drag == Drag::Pan && !m_pair.isEmpty())
        setCursor(Qt::ClosedHandCursor);
}

void PictureViewport::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (m_drag == Drag::Split)
        setSplit(m_view.mode == ViewMode::SplitVertical ? at.x() / std::max(1, width())
                                                        : at.y() / std::max(1, height()));
    else if (m_drag == Drag::Pan)
        panBy(toDevice(m_last - at));
    else if (isOnSplit(at))
        setCursor(m_view.mode == ViewMode::SplitVertical ? Qt::SplitHCursor : Qt::SplitVCursor);
    else
        unsetCursor();
    m_last = at;
    if (!m_pair.isEmpty())
        setProbe(toPicture(m_view, targetSize(), toDevice(at)));
}

void PictureViewport::mouseReleaseEvent(QMouseEvent*)
{
    m_drag = Drag::None;
    unsetCursor();
}

void PictureViewport::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (m_fitted)
        zoomBy(1 / m_view.scale, toDevice(event->position()));
    else
        fit();
}

void PictureViewport::leaveEvent(QEvent*)
{
    setProbe(std::nullopt);
}

bool PictureViewport::moveByKey(const QKeyEvent* event)
{
    QPointF way;
    switch (event->key()) {
    case Qt::Key_Left:
        way = {-1, 0};
        break;
    case Qt::Key_Right:
        way = {1, 0};
        break;
    case Qt::Key_Up:
        way = {0, -1};
        break;
    case Qt::Key_Down:
        way = {0, 1};
        break;
    default:
        return false;
    }
    const double alongSplit = m_view.mode == ViewMode::SplitVertical ? way.x()
        : m_view.mode == ViewMode::SplitHorizontal                   ? way.y()
                                                                     : 0;
    if ((event->modifiers() & Qt::ControlModifier) != 0 && m_loupe)
        setProbe(m_probe.value_or(m_view.centre) + way);
    else if (alongSplit != 0 && (event->modifiers() & Qt::ShiftModifier) == 0)
        setSplit(m_view.split + alongSplit * kSplitStep);
    else
        panBy(way * kKeyPan);
    return true;
}

void PictureViewport::keyPressEvent(QKeyEvent* event)
{
    if (m_pair.isEmpty() || moveByKey(event)) {
        event->setAccepted(!m_pair.isEmpty());
        if (m_pair.isEmpty())
            QWidget::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(kWheelStep);
        break;
    case Qt::Key_Minus:
        zoomBy(1 / kWheelStep);
        break;
    case Qt::Key_Home:
        fit();
        break;
    case Qt::Key_End:
        actualSize();
        break;
    case Qt::Key_L:
        setLoupe(!m_loupe);
        break;
    case Qt::Key_Space:
        if (m_view.mode != ViewMode::Blink || !m_pair.isComplete()) {
            QWidget::keyPressEvent(event);
        } else if (!event->isAutoRepeat()) {
            PictureView next = m_view;
            next.showsB = true;
            change(next);
        }
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void PictureViewport::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Space || !m_view.showsB) {
        QWidget::keyReleaseEvent(event);
        return;
    }
    if (event->isAutoRepeat())
        return;
    PictureView next = m_view;
    next.showsB = false;
    change(next);
}

void PictureViewport::focusOutEvent(QFocusEvent* event)
{
    // The key may be let go elsewhere.
    PictureView next = m_view;
    next.showsB = false;
    change(next);
    update();
    QWidget::focusOutEvent(event);
}

bool PictureViewport::event(QEvent* event)
{
    // Plain letters and arrows belong to the picture while it has the focus, not to menus.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->modifiers() == Qt::NoModifier
            && (key->key() == Qt::Key_Space || key->key() == Qt::Key_Home || key->key() == Qt::Key_End))
            event->accept();
    }
    return QWidget::event(event);
}

} // namespace mantissa::ui
