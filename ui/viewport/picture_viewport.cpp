// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewport/picture_viewport.h"

#include <QEvent>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

constexpr double kLeastScale = 1.0 / 64, kMostScale = 64;
/// Pixels that are interpolated at once within a frame of 16 ms: 8 ns each at worst (docs/benchmarks.md).
constexpr std::int64_t kPixelsAtOnce = 1'800'000;
/// How long a view rests before it is refined: hands pause less while they move.
constexpr int kStillMs = 100;

/// Whether the step from one to the other is one of a movement, of which more are to be expected.
bool isMovement(const PictureView& before, const PictureView& after)
{
    return before.mode == after.mode && before.smooth == after.smooth
        && (before.scale != after.scale || before.centre != after.centre || before.split != after.split
            || before.opacity != after.opacity);
}

} // namespace

PictureViewport::PictureViewport(QWidget* parent)
    : QWidget(parent)
    , m_markA(QStringLiteral("A"))
    , m_markB(QStringLiteral("B"))
{
    setObjectName(QStringLiteral("pictureViewport"));
    setAccessibleName(tr("Pictures under comparison"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_untilStill.setSingleShot(true);
    m_untilStill.setInterval(kStillMs);
    connect(&m_untilStill, &QTimer::timeout, this, qOverload<>(&QWidget::update));
    tell();
}

void PictureViewport::setPair(PicturePair pair)
{
    const bool sameFrame = !m_pair.isEmpty() && !pair.isEmpty() && m_pair.a->size() == pair.a->size();
    m_pair = std::move(pair);
    m_planes = {};
    m_view.fitB = false;
    if (!sameFrame || m_fitted)
        fit();
    setProbe(sameFrame ? m_probe : std::nullopt);
    askForDifference();
    update();
    tell();
    Q_EMIT viewChanged();
}

void PictureViewport::setDifference(DifferenceKind kind, std::shared_ptr<const DifferencePlane> plane)
{
    m_planes[static_cast<std::size_t>(kind)] = std::move(plane);
    update();
    tell();
}

void PictureViewport::setMessage(const QString& text)
{
    m_message = text;
    update();
    tell();
}

void PictureViewport::setMarks(const QString& a, const QString& b)
{
    m_markA = a;
    m_markB = b;
    update();
    tell();
}

void PictureViewport::change(PictureView next)
{
    next.scale = std::clamp(next.scale, kLeastScale, kMostScale);
    next.split = std::clamp(next.split, 0.0, 1.0);
    if (!m_pair.isEmpty()) { // the middle stays on the picture
        const QSizeF size = m_pair.a->size();
        next.centre.setX(std::clamp(next.centre.x(), 0.0, size.width()));
        next.centre.setY(std::clamp(next.centre.y(), 0.0, size.height()));
    }
    if (next == m_view)
        return;
    if (isMovement(m_view, next) && interpolatedPixels(next, targetSize()) > kPixelsAtOnce)
        m_untilStill.start();
    else
        m_untilStill.stop();
    m_view = next;
    update();
    tell();
    Q_EMIT viewChanged();
}

void PictureViewport::askForDifference()
{
    if (m_view.mode == ViewMode::Difference && m_pair.sameSize()
        && m_planes[static_cast<std::size_t>(m_view.difference)] == nullptr)
        Q_EMIT differenceWanted(m_view.difference);
}

void PictureViewport::setMode(ViewMode mode)
{
    PictureView next = m_view;
    next.mode = mode;
    next.showsB = false;
    change(next);
    askForDifference();
}

void PictureViewport::setSplit(double share)
{
    PictureView next = m_view;
    next.split = share;
    change(next);
}

void PictureViewport::setOpacity(double share)
{
    PictureView next = m_view;
    next.opacity = std::clamp(share, 0.0, 1.0);
    change(next);
}

void PictureViewport::setDifferenceKind(DifferenceKind kind)
{
    PictureView next = m_view;
    next.difference = kind;
    change(next);
    askForDifference();
}

void PictureViewport::setGain(double gain)
{
    PictureView next = m_view;
    next.gain = std::max(1.0, gain);
    change(next);
}

void PictureViewport::setTolerance(int tolerance)
{
    PictureView next = m_view;
    next.tolerance = std::clamp(tolerance, 0, 255);
    change(next);
}

void PictureViewport::setSmooth(bool smooth)
{
    PictureView next = m_view;
    next.smooth = smooth;
    change(next);
}

void PictureViewport::setFitB(bool fitB)
{
    PictureView next = m_view;
    next.fitB = fitB;
    change(next);
}

void PictureViewport::setLoupe(bool on)
{
    if (m_loupe == on)
        return;
    m_loupe = on;
    if (on && !m_probe && !m_pair.isEmpty())
        setProbe(m_view.centre);
    update();
    tell();
    Q_EMIT viewChanged();
}

void PictureViewport::fit()
{
    PictureView next = m_view;
    if (!m_pair.isEmpty()) {
        const QSizeF size = m_pair.a->size();
        next.scale = fittingScale(m_view.mode, targetSize(), m_pair.a->size());
        next.centre = QPointF(size.width() / 2, size.height() / 2);
    }
    change(next);
    m_fitted = true;
}

void PictureViewport::actualSize()
{
    PictureView next = m_view;
    next.scale = 1;
    m_fitted = false;
    change(next);
}

void PictureViewport::zoomBy(double factor, std::optional<QPointF> at)
{
    PictureView next = m_view;
    const QPointF fixed = at ? toPicture(m_view, targetSize(), *at) : m_view.centre;
    next.scale = std::clamp(m_view.scale * factor, kLeastScale, kMostScale);
    next.centre = fixed + (m_view.centre - fixed) * (m_view.scale / next.scale);
    m_fitted = false;
    change(next);
}

void PictureViewport::panBy(QPointF devicePixels)
{
    PictureView next = m_view;
    next.centre += devicePixels / m_view.scale;
    m_fitted = false;
    change(next);
}

void PictureViewport::setProbe(std::optional<QPointF> point)
{
    if (point && (m_pair.isEmpty() || !QRectF(QPointF(), m_pair.a->size()).contains(*point)))
        point.reset();
    if (point == m_probe)
        return;
    m_probe = point;
    if (m_loupe)
        update();
    Q_EMIT pixelChanged(pixelText());
}

QString PictureViewport::pixelText() const
{
    if (!m_probe || m_pair.isEmpty())
        return {};
    const QSize size = m_pair.a->size();
    const QPoint at(std::min(static_cast<int>(m_probe->x()), size.width() - 1),
        std::min(static_cast<int>(m_probe->y()), size.height() - 1));
    const auto values = [](QRgb pixel) {
        return QStringLiteral("%1 %2 %3").arg(qRed(pixel)).arg(qGreen(pixel)).arg(qBlue(pixel));
    };
    const QRgb a = m_pair.a->pixel(at);
    QString text = QStringLiteral("x %1, y %2 — %3: %4").arg(at.x()).arg(at.y()).arg(m_markA, values(a));
    if (m_pair.sameSize())
        text += QStringLiteral(", %1: %2").arg(m_markB, values(m_pair.b->pixel(at)));
    if (const QString difference = differenceText(at); !difference.isEmpty())
        text += QStringLiteral(", ") + difference;
    return text;
}

QString PictureViewport::differenceFormula() const
{
    switch (m_view.difference) {
    case DifferenceKind::Absolute:
        return QStringLiteral("|%1 − %2|").arg(m_markB, m_markA);
    case DifferenceKind::Relative:
        return QStringLiteral("|%1 − %2| / max(%2, %3)").arg(m_markB, m_markA).arg(kRelativeFloor);
    case DifferenceKind::Signed:
        return QStringLiteral("%1 − %2").arg(m_markB, m_markA);
    case DifferenceKind::Flip:
        return QStringLiteral("FLIP");
    }
    return {};
}

QString PictureViewport::differenceNumber(double value) const
{
    const QLocale locale;
    switch (m_view.difference) {
    case DifferenceKind::Absolute:
        return locale.toString(value, 'g', 3);
    case DifferenceKind::Relative:
        return tr("%1 %").arg(locale.toString(value / 2.55, 'g', 3));
    case DifferenceKind::Signed:
        return (value > 0          ? QStringLiteral("+")
                       : value < 0 ? QStringLiteral("−")
                                   : QString())
            + locale.toString(std::abs(value), 'g', 3);
    case DifferenceKind::Flip:
        return locale.toString(value / 255, 'g', 2);
    }
    return {};
}

QString PictureViewport::differenceText(QPoint at) const
{
    const auto& plane = m_planes[static_cast<std::size_t>(m_view.difference)];
    if (m_view.mode != ViewMode::Difference || plane == nullptr || !m_pair.sameSize()
        || !QRect(QPoint(0, 0), m_pair.a->size()).contains(at))
        return {};
    const int value = plane->level(0).row(at.y())[at.x()];
    // The map does not go further; the share may.
    const bool capped = m_view.difference == DifferenceKind::Relative && value == 255;
    return QStringLiteral("%1 %2 %3")
        .arg(
            differenceFormula(), capped ? QStringLiteral("≥") : QStringLiteral("="), differenceNumber(value));
}

QString PictureViewport::tagOf(bool second) const
{
    const QString& mark = second ? m_markB : m_markA;
    const QString& name = second ? m_pair.nameB : m_pair.nameA;
    if (!m_pair.isComplete() && !name.isEmpty())
        return name; // alone it is neither A nor B
    return name.isEmpty() ? mark : QStringLiteral("%1  %2").arg(mark, name);
}

QString PictureViewport::centreMessage() const
{
    if (m_pair.isEmpty())
        return m_message;
    if (m_view.mode != ViewMode::Difference || !m_pair.isComplete())
        return {};
    if (!m_pair.sameSize()) {
        const QSize a = m_pair.a->size(), b = m_pair.b->size();
        return tr(
            "A has %1 × %2 pixels and B %3 × %4: no difference is defined, and scaling one would measure the "
            "scaling.")
            .arg(a.width())
            .arg(a.height())
            .arg(b.width())
            .arg(b.height());
    }
    if (m_planes[static_cast<std::size_t>(m_view.difference)] != nullptr)
        return {};
    return m_message.isEmpty() ? tr("Measuring the difference…") : m_message;
}

QString PictureViewport::description() const
{
    QString message = centreMessage();
    if (!message.isEmpty())
        return message;
    if (m_pair.isEmpty())
        return {};
    QString how;
    switch (m_view.mode) {
    case ViewMode::SplitVertical:
        how = tr("Split at %1 % from the left").arg(std::lround(100 * m_view.split));
        break;
    case ViewMode::SplitHorizontal:
        how = tr("Split at %1 % from the top").arg(std::lround(100 * m_view.split));
        break;
    case ViewMode::SideBySide:
        how = tr("Side by side");
        break;
    case ViewMode::Blink:
        how = m_view.showsB ? tr("B is shown while Space is held") : tr("A is shown; hold Space for B");
        break;
    case ViewMode::Overlay:
        how = tr("B laid over A with %1 %").arg(std::lround(100 * m_view.opacity));
        break;
    case ViewMode::Difference: {
        const auto& plane = m_planes[static_cast<std::size_t>(m_view.difference)];
        how = plane->isZero()
            ? tr("The pictures are equal: the difference is zero everywhere")
            : tr("Difference %1, %2 times").arg(differenceFormula(), QLocale().toString(m_view.gain, 'g', 3));
        break;
    }
    }
    QString text
        = tr("%1. %2. Zoom %3 %.")
              .arg(
                  how, m_pair.isComplete() ? tagOf(false) + QStringLiteral(", ") + tagOf(true) : tagOf(false))
              .arg(QLocale().toString(100 * m_view.scale, 'f', m_view.scale < 0.1 ? 1 : 0));
    if (m_loupe && m_probe)
        text += QLatin1Char(' ') + pixelText();
    return text;
}

void PictureViewport::tell()
{
    setAccessibleDescription(description());
}

QSize PictureViewport::targetSize() const
{
    const QSizeF exact = QSizeF(size()) * devicePixelRatioF();
    return {std::max(1, static_cast<int>(std::lround(exact.width()))),
        std::max(1, static_cast<int>(std::lround(exact.height())))};
}

void PictureViewport::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        update();
    QWidget::changeEvent(event);
}

} // namespace mantissa::ui
