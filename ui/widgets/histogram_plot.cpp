// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/histogram_plot.h"

#include "engine/calibration/outliers.h"
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
#include <utility>

namespace mantissa::ui {

namespace {

constexpr double kFloor = 0.5; // bars of a logarithmic axis stand on this
constexpr std::size_t kChannelBars = 128; // more is thinner than a pixel
constexpr double kStretch[] = {2.4, 0.8, 1.1}; // widths of the plots: histogram, schedule, channels
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
    setToolTip(
        tr("Drag the clip line, or move it with the arrow keys; where it ends becomes the layer's clip"));
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

QWidget* HistogramPlot::plot() const
{
    return m_plot;
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

    m_outline = m_plot->addGraph();
    m_outline->setLineStyle(QCPGraph::lsStepCenter);
    for (QCPItemText** item : {&m_readout, &m_pinName}) {
        *item = new QCPItemText(m_plot);
        (*item)->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
        (*item)->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        (*item)->setClipToAxisRect(false);
        (*item)->setLayer(QStringLiteral("overlay"));
        (*item)->setPadding(QMargins(4, 1, 4, 1));
        (*item)->setVisible(false);
    }
    m_readout->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    m_readout->position->setCoords(1, -0.01);
    m_pinName->setPositionAlignment(Qt::AlignLeft | Qt::AlignBottom);
    m_pinName->position->setCoords(0, -0.01);

    m_stepRect = new QCPAxisRect(m_plot);
    // Side by side: panels at the bottom are wide and low.
    m_plot->plotLayout()->setColumnStretchFactor(0, kStretch[0]);
    m_channelRect = new QCPAxisRect(m_plot);
    for (QCPAxisRect* rect : {m_stepRect, m_channelRect})
        rect->setVisible(false);
    arrange();
    m_channelRect->setMinimumMargins(QMargins(8, 22, 12, 4));
    m_channelRect->axis(QCPAxis::atBottom)->setLabel(tr("Channels"));
    m_channelRect->axis(QCPAxis::atBottom)->ticker()->setTickCount(3);
    m_channelRect->axis(QCPAxis::atLeft)->setLabel(tr("Largest"));
    m_channelRect->axis(QCPAxis::atLeft)->ticker()->setTickCount(4);
    m_channels = new QCPBars(m_channelRect->axis(QCPAxis::atBottom), m_channelRect->axis(QCPAxis::atLeft));
    m_outliers = new QCPBars(m_channelRect->axis(QCPAxis::atBottom), m_channelRect->axis(QCPAxis::atLeft));
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
    m_channelRect->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
}

void HistogramPlot::arrange()
{
    // Narrower, the axes of three plots lie over each other: the histogram, which is edited, stays.
    const int characters = width() / fontMetrics().averageCharWidth();
    const int wanted = characters >= 80 ? 3 : characters >= 55 ? 2 : 1;
    QCPLayoutGrid* grid = m_plot->plotLayout();
    QCPAxisRect* const rects[] = {m_plot->axisRect(), m_stepRect, m_channelRect};
    int shown = plotCount();
    while (shown > wanted) {
        rects[--shown]->setVisible(false);
        grid->take(rects[shown]);
        grid->simplify();
    }
    for (; shown < wanted; ++shown) {
        rects[shown]->setVisible(true);
        grid->addElement(0, shown, rects[shown]);
        grid->setColumnStretchFactor(shown, kStretch[shown]);
    }
}

int HistogramPlot::plotCount() const
{
    return m_plot->plotLayout()->elementCount();
}

void HistogramPlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
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
    for (QCPAxisRect* rect : {m_plot->axisRect(), m_stepRect, m_channelRect})
        for (QCPAxis* axis : rect->axes()) {
            styleAxis(axis, colors, font());
            axis->grid()->setZeroLinePen(Qt::NoPen);
        }
    QColor fill = colors.accent;
    fill.setAlphaF(0.75F);
    for (QCPBars* bars : {m_bars, m_steps, m_channels}) {
        bars->setPen(Qt::NoPen);
        bars->setBrush(fill);
    }
    m_outliers->setPen(Qt::NoPen);
    m_outliers->setBrush(QBrush(colors.danger, Qt::Dense3Pattern)); // not by colour alone
    m_outline->setPen(QPen(text, 1.4, Qt::DotLine));
    for (QCPItemText* item : {m_readout, m_pinName}) {
        item->setColor(colors.muted);
        item->setFont(font());
        item->setBrush(palette.color(QPalette::Base));
    }
    QColor cut = colors.danger;
    cut.setAlphaF(0.14F);
    QBrush hatched(colors.danger, Qt::BDiagPattern); // not by colour alone
    m_clipped->setBrush(hatched);
    QColor reach = colors.good;
    reach.setAlphaF(0.08F);
    m_reach->setBrush(reach);
    const QPen quantile(colors.muted, 1.2, Qt::DashDotLine);
    const std::array<QPen, LineCount> pens{QPen(text, 1.2, Qt::DotLine), quantile, quantile, quantile,
        QPen(colors.good, 1.6, Qt::DashLine), QPen(colors.danger, 2)};
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
    // A line that is being moved stays under the hand; else the plan says where it is.
    if (!m_view || m_view->layer != view.layer
        || (!m_dragging && m_view->grid.planClip != view.grid.planClip))
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
    if (m_moved || !m_view)
        return m_moved.value_or(0);
    return plannedClip(*m_view);
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
    m_keyMoved = false;
    draw();
    if (!m_view)
        return;
    Q_EMIT clipMoved(clip());
    if (m_view->grid.planClip > 0)
        Q_EMIT clipChosen(0);
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
    m_labels[idx]->position->setCoords(at, 0.02 + 0.13 * static_cast<double>(idx));
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
        m_channels->setData(QVector<double>(), QVector<double>());
        m_outliers->setData(QVector<double>(), QVector<double>());
        m_outline->setData(QVector<double>(), QVector<double>());
        m_readout->setVisible(false);
        m_pinName->setVisible(false);
        m_plot->replot(QCustomPlot::rpQueuedReplot);
        return;
    }
    m_bars->setWidth(m_view->barWidth);
    m_bars->setData(m_view->centres, m_view->counts, true);
    const double most = *std::max_element(m_view->counts.begin(), m_view->counts.end());
    m_plot->xAxis->setRange(0, 1.04 * m_view->amax);
    m_plot->yAxis->setRange(m_log ? kFloor : 0, m_log ? std::max(10.0, most) * 4 : 1.15 * most);
    placeLine(Largest, m_view->amax, tr("largest %1").arg(shortNumber(m_view->amax)));
    placeLine(P99, m_view->p99, tr("99 %"));
    placeLine(P9999, m_view->p9999, tr("99.99 % %1").arg(shortNumber(m_view->p9999)));
    placeLine(P999, m_view->p999, tr("99.9 % %1").arg(shortNumber(m_view->p999)));
    placeLine(Chosen, m_view->chosen, tr("least error %1").arg(shortNumber(m_view->chosen)));
    placeLine(Clip, clip(), tr("clip %1").arg(shortNumber(clip())));
    if (!m_moved && m_view->grid.planClip > 0) {
        m_labels[Clip]->setText(tr("clip of the plan %1").arg(shortNumber(m_view->grid.planClip)));
    } else if (!m_moved) { // both lines in one place: one label says both
        m_labels[Chosen]->setVisible(false);
        m_lines[Chosen]->setVisible(false);
        m_labels[Clip]->setText(tr("clip at the least error, %1").arg(shortNumber(clip())));
    }
    m_clipped->topLeft->setCoords(clip(), 0);
    m_clipped->bottomRight->setCoords(m_plot->xAxis->range().upper, 1);
    m_reach->topLeft->setCoords(0, 0);
    m_reach->bottomRight->setCoords(std::min(m_view->grid.largest, m_plot->xAxis->range().upper), 1);

    drawSteps();
    drawChannels();
    drawPinned();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::drawSteps()
{
    QVector<double> parts, maxima;
    double highest = 0;
    for (std::size_t idx = 0; idx < m_view->bucketLargest.size(); ++idx) {
        parts << static_cast<double>(idx + 1);
        maxima << static_cast<double>(m_view->bucketLargest[idx]);
        highest = std::max(highest, maxima.back());
    }
    m_steps->setData(parts, maxima, true);
    m_stepRect->axis(QCPAxis::atLeft)->setRange(0, highest > 0 ? 1.1 * highest : 1);
}

/// Neighbouring channels share a bar, which is as high as the largest of them: outliers do not drown.
void HistogramPlot::drawChannels()
{
    const std::vector<float>& all = m_view->channelLargest;
    const std::size_t group = std::max<std::size_t>(1, (all.size() + kChannelBars - 1) / kChannelBars);
    const double ratio = outlierRatio(all);
    const double largest = all.empty() ? 0 : static_cast<double>(*std::max_element(all.begin(), all.end()));
    const double limit = ratio > 0 ? kOutlierRatio * largest / ratio : 0; // of the median channel
    QVector<double> usualAt, usual, outlierAt, outliers;
    for (std::size_t first = 0; first < all.size(); first += group) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(first + group, all.size()));
        const double most = static_cast<double>(*std::max_element(begin, end));
        const double centre = static_cast<double>(first) + 0.5 * static_cast<double>(group);
        const bool far = limit > 0 && most >= limit;
        (far ? outlierAt : usualAt) << centre;
        (far ? outliers : usual) << most;
    }
    m_channels->setWidth(static_cast<double>(group));
    m_outliers->setWidth(static_cast<double>(group) * 2); // a single bar must be seen
    m_channels->setData(usualAt, usual, true);
    m_outliers->setData(outlierAt, outliers, true);
    m_channelRect->axis(QCPAxis::atBottom)->setRange(0, std::max<double>(1, static_cast<double>(all.size())));
    m_channelRect->axis(QCPAxis::atLeft)->setRange(0, largest > 0 ? 1.1 * largest : 1);
}

/// Scaled to as many values as are shown now: shapes compare, run lengths do not matter.
void HistogramPlot::drawPinned()
{
    const bool shown = m_pinned && m_pinned->histogram->total() > 0;
    m_pinName->setVisible(shown);
    QVector<double> counts;
    if (shown) {
        const double scale = static_cast<double>(m_view->histogram->total())
            / static_cast<double>(m_pinned->histogram->total()) * m_view->barWidth
            / std::max(1e-30, m_pinned->barWidth);
        for (const double count : m_pinned->counts)
            counts << std::max(kFloor, count * scale);
        m_pinName->setText(tr("dotted: %1").arg(m_pinned->layer.section(QLatin1Char('.'), -3)));
    }
    m_outline->setData(shown ? m_pinned->centres : QVector<double>(), counts, true);
}

void HistogramPlot::togglePin()
{
    if (m_pinned)
        m_pinned.reset();
    else
        m_pinned = m_view;
    draw();
}

void HistogramPlot::readOut(const QPoint& at)
{
    const bool inside = m_view && m_view->amax > 0 && m_plot->axisRect()->rect().contains(at);
    const double magnitude = m_plot->xAxis->pixelToCoord(at.x());
    const bool shown = inside && magnitude > 0 && magnitude <= m_view->amax;
    if (shown)
        m_readout->setText(readoutText(*m_view, magnitude));
    if (shown || m_readout->visible())
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    m_readout->setVisible(shown);
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
        readOut(mouse->pos());
        break;
    case QEvent::MouseButtonRelease:
        if (std::exchange(m_dragging, false) && m_moved)
            Q_EMIT clipChosen(*m_moved);
        break;
    case QEvent::MouseButtonDblClick:
        m_dragging = false;
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
        m_keyMoved = true;
        break;
    case Qt::Key_Right:
        setClip(clip() + step);
        m_keyMoved = true;
        break;
    case Qt::Key_Home:
        resetClip();
        break;
    case Qt::Key_End:
        setClip(m_view ? m_view->amax : 0);
        m_keyMoved = true;
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void HistogramPlot::keyReleaseEvent(QKeyEvent* event)
{
    QWidget::keyReleaseEvent(event);
    if (!event->isAutoRepeat() && std::exchange(m_keyMoved, false)
        && m_moved) // one step however long it was held
        Q_EMIT clipChosen(*m_moved);
}

} // namespace mantissa::ui
