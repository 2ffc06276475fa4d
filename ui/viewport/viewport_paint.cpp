// SPDX-License-Identifier: GPL-3.0-or-later
// The painting of PictureViewport: the pictures, and what is drawn above them.
#include "ui/theme.h"
#include "ui/viewport/picture_viewport.h"

#include <QLocale>
#include <QPainter>
#include <QPaintEvent>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

constexpr int kTagMargin = 8, kTagPadding = 6;
constexpr int kLegendWidth = 160, kLegendHeight = 8;
constexpr QColor kTagBack(34, 37, 43, 225), kTagEdge(255, 255, 255, 70);
// The loupe: an odd number of pixels, so that one is in the middle.
constexpr int kLoupePixels = 11, kLoupeZoom = 10, kLoupeSide = kLoupePixels * kLoupeZoom;

QRectF tagRect(const QFontMetricsF& metrics, const QString& text, QPointF corner, Qt::Alignment side)
{
    const QSizeF size(metrics.horizontalAdvance(text) + 2 * kTagPadding, metrics.height() + kTagPadding);
    QPointF at = corner;
    if ((side & Qt::AlignRight) != 0)
        at.rx() -= size.width();
    if ((side & Qt::AlignBottom) != 0)
        at.ry() -= size.height();
    return {at, size};
}

/// The surroundings of a pixel, enlarged; what lies outside the picture is left out.
void paintEnlarged(QPainter& painter, const QRectF& box, const PictureLevels& picture, QPoint at)
{
    painter.fillRect(box, QColor(30, 30, 30));
    const QRect inside(QPoint(0, 0), picture.size());
    for (int y = 0; y < kLoupePixels; ++y)
        for (int x = 0; x < kLoupePixels; ++x) {
            const QPoint each = at + QPoint(x - kLoupePixels / 2, y - kLoupePixels / 2);
            if (inside.contains(each))
                painter.fillRect(
                    QRectF(box.left() + x * kLoupeZoom, box.top() + y * kLoupeZoom, kLoupeZoom, kLoupeZoom),
                    QColor(picture.pixel(each)));
        }
    const QRectF middle(box.center() - QPointF(kLoupeZoom, kLoupeZoom) / 2, QSizeF(kLoupeZoom, kLoupeZoom));
    painter.setPen(Qt::black);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(middle.adjusted(-1, -1, 1, 1));
    painter.setPen(Qt::white);
    painter.drawRect(middle);
}

} // namespace

QRgb PictureViewport::background() const
{
    return Theme::isDark(palette()) ? qRgb(16, 18, 22) : qRgb(226, 229, 234);
}

void PictureViewport::paintEvent(QPaintEvent*)
{
    const QSize size = targetSize();
    if (m_frame.size() != size)
        m_frame = QImage(size, QImage::Format_RGB32);
    const QString message = centreMessage();
    PictureView shown = m_view;
    shown.draft = isDraft();
    if (message.isEmpty() && !m_pair.isEmpty())
        paintPictures(m_frame, m_pair, m_planes[static_cast<std::size_t>(m_view.difference)].get(), shown,
            background());
    else
        m_frame.fill(background());
    m_frame.setDevicePixelRatio(devicePixelRatioF());
    QPainter painter(this);
    painter.setLayoutDirection(
        Qt::LeftToRight); // pictures, their sides and scales do not turn with the script
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    painter.drawImage(0, 0, m_frame);
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
    m_frame.setDevicePixelRatio(1);
    if (message.isEmpty()) {
        paintSplitLine(painter);
        paintTags(painter);
        if (m_loupe)
            paintLoupe(painter);
    } else {
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(rect().adjusted(32, 16, -32, -16), Qt::AlignCenter | Qt::TextWordWrap, message);
    }
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void PictureViewport::paintTag(
    QPainter& painter, const QString& text, QPointF corner, Qt::Alignment side) const
{
    const QFontMetricsF metrics(font());
    const double most = std::max(40.0, width() / 2.0 - 3 * kTagMargin);
    const QString shown = metrics.elidedText(text, Qt::ElideMiddle, most);
    const QRectF box = tagRect(metrics, shown, corner, side);
    painter.setPen(kTagEdge); // seen on dark pictures too
    painter.setBrush(kTagBack);
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(Qt::white);
    painter.drawText(box, Qt::AlignCenter, shown);
}

void PictureViewport::paintTags(QPainter& painter) const
{
    if (m_pair.isEmpty())
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    const QPointF topLeft(kTagMargin, kTagMargin), topRight(width() - kTagMargin, kTagMargin);
    const QPointF bottomLeft(kTagMargin, height() - kTagMargin);
    if (!m_pair.isComplete()) {
        paintTag(painter, tagOf(false), topLeft, Qt::AlignLeft);
        return;
    }
    switch (m_view.mode) {
    case ViewMode::SplitVertical:
        paintTag(painter, tagOf(false), topLeft, Qt::AlignLeft);
        paintTag(painter, tagOf(true), topRight, Qt::AlignRight);
        break;
    case ViewMode::SplitHorizontal:
        paintTag(painter, tagOf(false), topLeft, Qt::AlignLeft);
        paintTag(painter, tagOf(true), bottomLeft, Qt::AlignLeft | Qt::AlignBottom);
        break;
    case ViewMode::SideBySide: {
        const auto panes = panesOf(m_view.mode, targetSize());
        paintTag(painter, tagOf(false), topLeft, Qt::AlignLeft);
        paintTag(painter, tagOf(true),
            QPointF(panes[1].left() / devicePixelRatioF() + kTagMargin, kTagMargin), Qt::AlignLeft);
        break;
    }
    case ViewMode::Blink:
        paintTag(painter, tagOf(m_view.showsB), topLeft, Qt::AlignLeft);
        break;
    case ViewMode::Overlay:
        paintTag(painter, tagOf(false), topLeft, Qt::AlignLeft);
        paintTag(painter, QStringLiteral("%1  %2 %").arg(tagOf(true)).arg(std::lround(100 * m_view.opacity)),
            topRight, Qt::AlignRight);
        break;
    case ViewMode::Difference: {
        paintTag(painter,
            QStringLiteral("%1  × %2").arg(differenceFormula(), QLocale().toString(m_view.gain, 'g', 3)),
            topLeft, Qt::AlignLeft);
        paintTag(
            painter, QStringLiteral("%1    %2").arg(tagOf(false), tagOf(true)), topRight, Qt::AlignRight);
        paintLegend(painter);
        break;
    }
    }
}

/// The colours with the values that they stand for, below the tag that says what is shown.
void PictureViewport::paintLegend(QPainter& painter) const
{
    const bool isSigned = m_view.difference == DifferenceKind::Signed;
    // The map's value that has the last colour: gain moves it down.
    const double last = std::min(255.0, 255.0 / m_view.gain);
    const QString low = differenceNumber(isSigned ? -last : 0), high = differenceNumber(last);
    const QFontMetricsF metrics(font());
    const double text = metrics.height();
    const QSizeF size(kLegendWidth + 2 * kTagPadding, kLegendHeight + text + 2 * kTagPadding);
    const QRectF box(QPointF(kTagMargin, kTagMargin + text + kTagPadding + 6), size);
    painter.setPen(kTagEdge);
    painter.setBrush(kTagBack);
    painter.drawRoundedRect(box, 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto magnitudes = magnitudeColours(m_view.gain, m_view.tolerance);
    const auto both = signedColours(m_view.gain, m_view.tolerance);
    for (int x = 0; x < kLegendWidth; ++x) {
        const double share = (x + 0.5) / kLegendWidth;
        const auto at = static_cast<std::size_t>(
            std::lround((isSigned ? 2 * share - 1 : share) * last) + (isSigned ? 255 : 0));
        const QRgb colour = isSigned ? both[at] : magnitudes[at];
        painter.fillRect(
            QRectF(box.left() + kTagPadding + x, box.top() + kTagPadding, 1, kLegendHeight), QColor(colour));
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::white);
    const QRectF line(box.left() + kTagPadding, box.bottom() - text - kTagPadding / 2.0, kLegendWidth, text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, isSigned ? QStringLiteral("≤ ") + low : low);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("≥ ") + high);
    if (isSigned)
        painter.drawText(line, Qt::AlignHCenter | Qt::AlignVCenter, QStringLiteral("0"));
}

void PictureViewport::paintSplitLine(QPainter& painter) const
{
    const bool vertical = m_view.mode == ViewMode::SplitVertical;
    if (!m_pair.isComplete() || (!vertical && m_view.mode != ViewMode::SplitHorizontal))
        return;
    const double length = vertical ? width() : height();
    const double at = std::round(m_view.split * length);
    const QLineF line = vertical ? QLineF(at, 0, at, height()) : QLineF(0, at, width(), at);
    painter.setPen(QPen(QColor(0, 0, 0, 140), 3));
    painter.drawLine(line);
    painter.setPen(QPen(Qt::white, 1));
    painter.drawLine(line);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(0, 0, 0, 140), 1));
    painter.setBrush(Qt::white);
    const QPointF middle = line.center();
    painter.drawEllipse(middle, 9, 9);
    painter.setPen(QPen(QColor(60, 60, 60), 1.6));
    const QPointF along = vertical ? QPointF(1, 0) : QPointF(0, 1),
                  across = vertical ? QPointF(0, 1) : QPointF(1, 0);
    for (const double side : {-1.0, 1.0}) {
        const QPointF tip = middle + along * (side * 5.5), base = middle + along * (side * 2.5);
        painter.drawLine(tip, base + across * 3);
        painter.drawLine(tip, base - across * 3);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void PictureViewport::paintLoupe(QPainter& painter) const
{
    if (!m_probe)
        return;
    const QPoint at(static_cast<int>(m_probe->x()), static_cast<int>(m_probe->y()));
    const bool both = m_pair.isComplete();
    const QString difference = differenceText(at);
    const double line = QFontMetricsF(font()).height();
    const double text = (difference.isEmpty() ? 2 : 3) * line + 8;
    const QSizeF size((both ? 2 : 1) * kLoupeSide + (both ? 6 : 0) + 12, kLoupeSide + text + 12);
    // In the lower corner that the pixel is not under.
    const QPointF seen = toTarget(m_view, targetSize(), *m_probe) / devicePixelRatioF();
    const bool left = seen.x() > width() / 2.0;
    const QRectF box(QPointF(left ? kTagMargin : width() - kTagMargin - size.width(),
                         height() - kTagMargin - size.height()),
        size);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, 210));
    painter.drawRoundedRect(box, 6, 6);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto part = [&](const PictureLevels& picture, const QString& mark, double x) {
        const QRectF where(x, box.top() + 6, kLoupeSide, kLoupeSide);
        paintEnlarged(painter, where, picture, at);
        painter.setPen(Qt::white);
        const QRect inside(QPoint(0, 0), picture.size());
        const QColor colour(inside.contains(at) ? picture.pixel(at) : qRgb(0, 0, 0));
        painter.drawText(QRectF(x, where.bottom() + 4, kLoupeSide, text), Qt::AlignLeft | Qt::AlignTop,
            inside.contains(at) ? QStringLiteral("%1  %2\n%3 %4 %5")
                                      .arg(mark, colour.name())
                                      .arg(colour.red())
                                      .arg(colour.green())
                                      .arg(colour.blue())
                                : mark);
    };
    part(*m_pair.a, m_markA, box.left() + 6);
    if (both)
        part(*m_pair.b, m_markB, box.left() + 12 + kLoupeSide);
    if (!difference.isEmpty())
        painter.drawText(QRectF(box.left() + 6, box.bottom() - line - 6, box.width() - 12, line),
            Qt::AlignLeft | Qt::AlignVCenter, difference);
}

} // namespace mantissa::ui
