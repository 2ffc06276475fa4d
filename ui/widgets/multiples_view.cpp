// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/multiples_view.h"

#include "ui/theme.h"
#include "ui/widgets/named.h"

#include <QEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

constexpr int kColumns = 2, kAir = 4;
constexpr double kFloor = 0.5; // where bars stand, as in HistogramPlot

QSize tileSize(const QFontMetrics& metrics)
{
    return {28 * metrics.averageCharWidth(), 6 * metrics.lineSpacing()};
}

/// Counts as the axis of the large plot has them: decades. A pixel shows the most of what falls on it.
void paintBars(QPainter* painter, const QRect& area, const ActivationView& view, const QColor& colour)
{
    const double most = *std::max_element(view.counts.begin(), view.counts.end());
    const double decades = std::log10(std::max(10.0, most) / kFloor);
    std::vector<double> tops(static_cast<std::size_t>(area.width()), 0);
    for (qsizetype bar = 0; bar < view.counts.size(); ++bar) {
        const double left = (view.centres[bar] - view.barWidth / 2) / view.amax * area.width(),
                     right = (view.centres[bar] + view.barWidth / 2) / view.amax * area.width();
        for (int x = std::max(0, static_cast<int>(left)); x < right && x < area.width(); ++x) {
            double& top = tops[static_cast<std::size_t>(x)];
            top = std::max(top, view.counts[bar]);
        }
    }
    for (int x = 0; x < area.width(); ++x) {
        const double count = tops[static_cast<std::size_t>(x)];
        if (count < 1)
            continue;
        const int height = std::max(
            1, static_cast<int>(std::lround(std::log10(count / kFloor) / decades * area.height())));
        painter->fillRect(area.left() + x, area.bottom() + 1 - height, 1, height, colour);
    }
}

/// Where the last two words of a name begin; numbers belong to the word before them: "attn1.to_out.0".
qsizetype ownPart(const QString& name)
{
    qsizetype end = name.size(), begin = end;
    for (int words = 0; words < 2 && end > 0;) {
        const qsizetype dot = name.lastIndexOf(QLatin1Char('.'), end - 1);
        begin = dot + 1;
        const QStringView part = QStringView(name).mid(begin, end - begin);
        words += std::all_of(part.begin(), part.end(), [](QChar each) { return each.isDigit(); }) ? 0 : 1;
        end = dot; // -1 ends it
    }
    return begin;
}

class TileDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return tileSize(option.fontMetrics);
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto* model = qobject_cast<const MultiplesModel*>(index.model());
        if (model == nullptr)
            return;
        const ActivationView& view = model->view(index);
        const ThemeColors& colors = Theme::colors(option.palette);
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        const QRect tile = option.rect.adjusted(2, 2, -2, -2);
        painter->save();
        painter->setClipRect(option.rect);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(chosen ? QPen(colors.accent, 2) : QPen(colors.border, 1));
        painter->setBrush(option.palette.color(QPalette::Base));
        painter->drawRoundedRect(QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter->setRenderHint(QPainter::Antialiasing, false);

        const QRect inner = tile.adjusted(2 * kAir, kAir, -2 * kAir, -kAir);
        const int line = option.fontMetrics.lineSpacing();
        QFont font = option.font;
        font.setBold(chosen);
        painter->setFont(font);
        painter->setPen(option.palette.color(QPalette::Text));
        const QFontMetrics metrics(font);
        // What it is, and below it where: both would be cut in one line.
        const QString name = model->shortName(index);
        const qsizetype cut = ownPart(name);
        painter->drawText(QRect(inner.left(), inner.top(), inner.width(), line), Qt::AlignLeft,
            metrics.elidedText(name.mid(cut), Qt::ElideMiddle, inner.width()));
        painter->setFont(option.font);
        painter->setPen(colors.muted);
        painter->drawText(QRect(inner.left(), inner.bottom() + 1 - line, inner.width(), line), Qt::AlignLeft,
            option.fontMetrics.elidedText(shortViewText(view), Qt::ElideRight, inner.width()));
        painter->drawText(QRect(inner.left(), inner.top() + line, inner.width(), line), Qt::AlignLeft,
            option.fontMetrics.elidedText(
                name.left(std::max<qsizetype>(cut - 1, 0)), Qt::ElideRight, inner.width()));
        const QRect area = inner.adjusted(0, 2 * line + 2, 0, -line - 2);
        if (view.amax > 0 && area.height() > 2) {
            QColor fill = colors.accent;
            fill.setAlphaF(0.75F);
            paintBars(painter, area, view, fill);
            const int clip = area.left()
                + static_cast<int>(std::lround(plannedClip(view) / view.amax * (area.width() - 1)));
            painter->setPen(QPen(colors.danger, view.grid.planClip > 0 ? 2 : 1,
                view.grid.planClip > 0 ? Qt::SolidLine : Qt::DashLine));
            painter->drawLine(clip, area.top(), clip, area.bottom());
        }
        painter->setPen(QPen(colors.border, 1));
        painter->drawLine(area.left(), area.bottom() + 1, area.right(), area.bottom() + 1);
        painter->restore();
    }
};

} // namespace

MultiplesView::MultiplesView(QWidget* parent)
    : QListView(parent)
    , m_model(new MultiplesModel(this))
{
    named(this, "calibrationMultiples", tr("Inputs of the selected layers, side by side"));
    setToolTip(tr("Click a layer to see it large"));
    setViewMode(QListView::IconMode);
    setMovement(QListView::Static);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setModel(m_model);
    setItemDelegate(new TileDelegate(this));
    fit();
}

void MultiplesView::fit()
{
    const QSize tile = tileSize(fontMetrics());
    setGridSize(tile + QSize(2, 2));
    const auto widthOf = [&](int columns) {
        return columns * gridSize().width() + verticalScrollBar()->sizeHint().width() + 6;
    };
    setMinimumSize(widthOf(1), tile.height());
    setMaximumWidth(widthOf(kColumns));
    updateGeometry();
}

QSize MultiplesView::sizeHint() const
{
    return {maximumWidth(), QListView::sizeHint().height()};
}

void MultiplesView::changeEvent(QEvent* event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fit();
}

void MultiplesView::setViews(const std::vector<ActivationView>& views)
{
    const QString current = currentIndex().data().toString();
    const QScopedValueRollback<bool> marking(m_marking, true);
    m_model->setViews(views);
    if (!current.isEmpty())
        mark(current);
}

void MultiplesView::mark(const QString& layer)
{
    const QModelIndex index = m_model->indexOf(layer);
    if (index == currentIndex())
        return;
    const QScopedValueRollback<bool> marking(m_marking, true);
    setCurrentIndex(index);
}

void MultiplesView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QListView::currentChanged(current, previous);
    if (!m_marking && current.isValid())
        Q_EMIT layerChosen(m_model->view(current).layer);
}

} // namespace mantissa::ui
