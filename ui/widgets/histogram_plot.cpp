// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/histogram_plot.h"

#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets/plot_library.h"
#include "ui/widgets/plot_style.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

constexpr double kFloor = 0.5; // bars of a logarithmic axis stand on this
constexpr double kStep = 0.01, kBigStep = 0.1; // of amax, for the arrow keys

QString shortNumber(double value)
{
    return QLocale().toString(value, 'g', 3);
}

} // namespace

HistogramPlot::HistogramPlot(QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
{
    setObjectName(QStringLiteral("histogramPlot"));
    setAccessibleName(tr("Histogram of the layer's inputs"));
    setFocusPolicy(Qt::StrongFocus);
    setToolTip(tr("Drag the clip line, or move it with the arrow keys, to see what clipping would do"));
    m_plot->setObjectName(QStringLiteral("histogramCanvas"));
    m_plot->setAccessibleName(tr("Histogram of the layer's inputs"));
    m_plot->installEventFilter(this);
    m_plot->setMouseTracking(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    setMinimumSize(320, 180);
    makePlot();
    restyle();
}

void HistogramPlot::makePlot()
{
    m_plot->setNoAntialiasingOnDrag(true);
    m_bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
    m_bars->setBaseValue(kFloor);
    m_bars->setAntialiased(false);
    m_plot->xAxis->setLabel(tr("Magnitude of the inputs"));
    m_plot->yAxis->setLabel(tr("Values"));
    m_plot->axisRect()->setMinimumMargins(QMargins(8, 22, 12, 4));
    setLogarithmic(true);

    m_reach = new QCPItemRect(m_plot);
    m_clipped = new QCPItemRect(m_plot);
    for (QCPItemRect* rect : {m_reach, m_clipped}) {
        rect->topLeft->setTypeX(QCPItemPosition::ptPlotCoords);
        rect->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        rect->bottomRight->setTypeX(QCPItemPosition::ptPlotCoords);
        rect->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        rect->setPen(Qt::NoPen);
        rect->setVisible(false);
    }
    for (int line = 0; line < LineCount; ++line) {
        auto* item = new QCPItemStraightLine(m_plot);
        for (QCPItemPosition* point : {item->point1, item->point2}) {
            point->setTypeX(QCPItemPosition::ptPlotCoords);
            point->setTypeY(QCPItemPosition::ptAxisRectRatio);
        }
        auto* label = new QCPItemText(m_plot);
        label->position->setTypeX(QCPItemPosition::ptPlotCoords);
        label->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        label->setClipToAxisRect(false);
        label->setLayer(QStringLiteral("overlay")); // above all lines
        label->setPadding(QMargins(3, 1, 3, 1));
        item->setVisible(false);
        label->setVisible(false);
        m_lines[static_cast<std::size_t>(line)] = item;
        m_labels[static_cast<std::size_t>(line)] = label;
    }

    m_stepRect = new QCPAxisRect(m_plot);
    // Side by side: panels at the bottom are wide and low.
    m_plot->plotLayout()->addElement(0, 1, m_stepRect);
    m_plot->plotLayout()->setColumnStretchFactor(0, 2.4);
    m_plot->plotLayout()->setColumnStretchFactor(1, 1.0);
    m_stepRect->setMinimumMargins(QMargins(8, 22, 12, 4));
    QCPAxis* steps = m_stepRect->axis(QCPAxis::atBottom);
    steps->setLabel(tr("clean → noisy"));
    steps->setRange(0.4, kTimestepBuckets + 0.6);
    const auto parts = QSharedPointer<QCPAxisTickerFixed>::create();
    parts->setTickStep(3); // 1, 4, 7, 10: whole parts of the schedule
    parts->setTickOrigin(1);
    steps->setTicker(parts);
    m_stepRect->axis(QCPAxis::atLeft)->setLabel(tr("Largest"));
    m_stepRect->axis(QCPAxis::atLeft)->ticker()->setTickCount(4);
    m_steps = new QCPBars(steps, m_stepRect->axis(QCPAxis::atLeft));
    m_steps->setWidth(0.7);
    auto* margins = new QCPMarginGroup(m_plot); // both stand on one line
    m_plot->axisRect()->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
    m_stepRect->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
}

void HistogramPlot::setLogarithmic(bool log)
{
    m_log = log;
    m_plot->yAxis->setScaleType(log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (log)
        m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
    else
        m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
    m_plot->yAxis->setNumberFormat(log ? QStringLiteral("eb") : QStringLiteral("gb"));
    m_plot->yAxis->setNumberPrecision(log ? 0 : 3);
    m_bars->setBaseValue(log ? kFloor : 0);
    draw();
}

void HistogramPlot::restyle()
{
    const QPalette& palette = QWidget::palette();
    const ThemeColors& colors = Theme::colors(palette);
    const QColor text = palette.color(QPalette::Text);
    m_plot->setBackground(palette.color(QPalette::Base));
    for (QCPAxisRect* rect : {m_plot->axisRect(), m_stepRect})
        for (QCPAxis* axis : rect->axes()) {
            styleAxis(axis, colors, font());
            axis->grid()->setZeroLinePen(Qt::NoPen);
        }
    QColor fill = colors.accent;
    fill.setAlphaF(0.75F);
    for (QCPBars* bars : {m_bars, m_steps}) {
        bars->setPen(Qt::NoPen);
        bars->setBrush(fill);
    }
    QColor cut = colors.danger;
    cut.setAlphaF(0.14F);
    QBrush hatched(colors.danger, Qt::BDiagPattern); // not by colour alone
    m_clipped->setBrush(hatched);
    QColor reach = colors.good;
    reach.setAlphaF(0.08F);
    m_reach->setBrush(reach);
    const std::array<QPen, LineCount> pens{QPen(text, 1.2, Qt::DotLine),
        QPen(colors.muted, 1.2, Qt::DashDotLine), QPen(colors.good, 1.6, Qt::DashLine),
        QPen(colors.danger, 2)};
    for (std::size_t line = 0; line < LineCount; ++line) {
        m_lines[line]->setPen(pens[line]);
        m_labels[line]->setColor(pens[line].color());
        m_labels[line]->setFont(font());
        m_labels[line]->setBrush(palette.color(QPalette::Base));
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        restyle();
}

void HistogramPlot::setView(const ActivationView& view)
{
    if (!m_view || m_view->layer != view.layer)
        m_moved.reset();
    m_view = view;
    draw();
}

void HistogramPlot::clear()
{
    m_view.reset();
    m_moved.reset();
    draw();
}

double HistogramPlot::clip() const
{
    return m_moved ? *m_moved : m_view ? m_view->chosen : 0;
}

void HistogramPlot::setClip(double clip)
{
    if (!m_view || m_view->amax <= 0)
        return;
    m_moved = std::clamp(clip, m_view->amax / 1024, m_view->amax);
    draw();
    Q_EMIT clipMoved(*m_moved);
}

void HistogramPlot::resetClip()
{
    m_moved.reset();
    draw();
    if (m_view)
        Q_EMIT clipMoved(clip());
}

double HistogramPlot::pixelOf(double magnitude) const
{
    return m_plot->xAxis->coordToPixel(magnitude);
}

void HistogramPlot::placeLine(Line line, double at, const QString& label)
{
    const auto idx = static_cast<std::size_t>(line);
    m_lines[idx]->point1->setCoords(at, 0);
    m_lines[idx]->point2->setCoords(at, 1);
    m_lines[idx]->setVisible(true);
    m_labels[idx]->setText(label);
    m_labels[idx]->setVisible(true);
    // Labels stay inside of the plot, each on a height of its own where lines lie close together.
    const double top = m_plot->xAxis->range().upper;
    const bool right = top > 0 && at > 0.6 * top;
    m_labels[idx]->setPositionAlignment((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    const std::array<double, LineCount> heights{0.02, 0.18, 0.34, line == Clip ? 0.50 : 0};
    m_labels[idx]->position->setCoords(at, heights[idx]);
}

void HistogramPlot::draw()
{
    if (m_labels.back() == nullptr)
        return; // still being made
    const bool any = m_view && m_view->amax > 0;
    for (std::size_t line = 0; line < LineCount; ++line) {
        m_lines[line]->setVisible(any);
        m_labels[line]->setVisible(any);
    }
    m_clipped->setVisible(any);
    m_reach->setVisible(any && m_view->grid.largest > 0);
    if (!any) {
        m_bars->setData(QVector<double>(), QVector<double>());
        m_steps->setData(QVector<double>(), QVector<double>());
        m_plot->replot(QCustomPlot::rpQueuedReplot);
        return;
    }
    m_bars->setWidth(m_view->barWidth);
    m_bars->setData(m_view->centres, m_view->counts, true);
    const double most = *std::max_element(m_view->counts.begin(), m_view->counts.end());
    m_plot->xAxis->setRange(0, 1.04 * m_view->amax);
    m_plot->yAxis->setRange(m_log ? kFloor : 0, m_log ? std::max(10.0, most) * 4 : 1.15 * most);
    placeLine(Largest, m_view->amax, tr("largest %1").arg(shortNumber(m_view->amax)));
    placeLine(P999, m_view->p999, tr("99.9 % %1").arg(shortNumber(m_view->p999)));
    placeLine(Chosen, m_view->chosen, tr("least error %1").arg(shortNumber(m_view->chosen)));
    placeLine(Clip, clip(), tr("clip %1").arg(shortNumber(clip())));
    if (!m_moved) { // both lines in one place: one label says both
        m_labels[Chosen]->setVisible(false);
        m_lines[Chosen]->setVisible(false);
        m_labels[Clip]->setText(tr("clip at the least error, %1").arg(shortNumber(clip())));
    }
    m_clipped->topLeft->setCoords(clip(), 0);
    m_clipped->bottomRight->setCoords(m_plot->xAxis->range().upper, 1);
    m_reach->topLeft->setCoords(0, 0);
    m_reach->bottomRight->setCoords(std::min(m_view->grid.largest, m_plot->xAxis->range().upper), 1);

    QVector<double> parts, maxima;
    double highest = 0;
    for (std::size_t idx = 0; idx < m_view->bucketLargest.size(); ++idx) {
        parts << static_cast<double>(idx + 1);
        maxima << static_cast<double>(m_view->bucketLargest[idx]);
        highest = std::max(highest, maxima.back());
    }
    m_steps->setData(parts, maxima, true);
    m_stepRect->axis(QCPAxis::atLeft)->setRange(0, highest > 0 ? 1.1 * highest : 1);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::drag(double pixel)
{
    setClip(m_plot->xAxis->pixelToCoord(pixel));
}

bool HistogramPlot::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_plot || !m_view)
        return QWidget::eventFilter(watched, event);
    constexpr double kGrip = 8; // pixels on both sides of the line
    auto* mouse = dynamic_cast<QMouseEvent*>(event);
    if (mouse == nullptr)
        return QWidget::eventFilter(watched, event);
    const double x = mouse->position().x();
    const bool near
        = std::abs(x - pixelOf(clip())) <= kGrip && m_plot->axisRect()->rect().contains(mouse->pos());
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        setFocus(Qt::MouseFocusReason);
        m_dragging = near && mouse->button() == Qt::LeftButton;
        break;
    case QEvent::MouseMove:
        m_plot->setCursor(near || m_dragging ? Qt::SizeHorCursor : Qt::ArrowCursor);
        if (m_dragging)
            drag(x);
        break;
    case QEvent::MouseButtonRelease:
        m_dragging = false;
        break;
    case QEvent::MouseButtonDblClick:
        resetClip();
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void HistogramPlot::keyPressEvent(QKeyEvent* event)
{
    const double step
        = (event->modifiers().testFlag(Qt::ShiftModifier) ? kBigStep : kStep) * (m_view ? m_view->amax : 0);
    switch (event->key()) {
    case Qt::Key_Left:
        setClip(clip() - step);
        break;
    case Qt::Key_Right:
        setClip(clip() + step);
        break;
    case Qt::Key_Home:
        resetClip();
        break;
    case Qt::Key_End:
        setClip(m_view ? m_view->amax : 0);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace mantissa::ui
