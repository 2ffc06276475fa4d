// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flow_layout.h"

#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace mantissa::ui {

FlowLayout::FlowLayout(QWidget* parent, int horizontalSpacing, int verticalSpacing)
    : QLayout(parent)
    , m_horizontal(horizontalSpacing)
    , m_vertical(verticalSpacing)
{ }

FlowLayout::~FlowLayout()
{
    qDeleteAll(m_items);
}

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.append(item);
}

int FlowLayout::count() const
{
    return static_cast<int>(m_items.size());
}

QLayoutItem* FlowLayout::itemAt(int idx) const
{
    return idx >= 0 && idx < m_items.size() ? m_items.at(idx) : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int idx)
{
    return idx >= 0 && idx < m_items.size() ? m_items.takeAt(idx) : nullptr;
}

int FlowLayout::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const
{
    return minimumSize();
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items)
        size = size.expandedTo(item->minimumSize());
    const QMargins margins = contentsMargins();
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool apply) const
{
    const QMargins margins = contentsMargins();
    const QRect area = rect.marginsRemoved(margins);
    const Qt::LayoutDirection direction
        = parentWidget() != nullptr ? parentWidget()->layoutDirection() : Qt::LeftToRight;
    int x = area.x(), y = area.y(), lineHeight = 0;
    QList<QPair<QLayoutItem*, QRect>> line;
    const auto place = [&] {
        for (const auto& [item, box] : line) // centred on the line
            item->setGeometry(
                QStyle::visualRect(direction, area, box.translated(0, (lineHeight - box.height()) / 2)));
        line.clear();
    };
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize size = item->sizeHint();
        if (x > area.x() && x + size.width() > area.right() + 1) {
            if (apply)
                place();
            x = area.x();
            y += lineHeight + m_vertical;
            lineHeight = 0;
        }
        if (apply)
            line.append(
                {item, QRect(QPoint(x, y), QSize(std::min(size.width(), area.width()), size.height()))});
        x += size.width() + m_horizontal;
        lineHeight = std::max(lineHeight, size.height());
    }
    if (apply)
        place();
    return y + lineHeight - rect.y() + margins.bottom();
}

} // namespace mantissa::ui
