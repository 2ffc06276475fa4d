// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/format_badge.h"

#include "ui/actions.h"
#include "ui/models/layer_tree_model.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QIconEngine>
#include <QPainter>
#include <QStandardItemModel>

#include <algorithm>

namespace mantissa::ui {

namespace {

constexpr int kMargin = 6;
constexpr int kRowAir = 6;
constexpr int kBadgeGap = 4, kNextBadge = 8; ///< between a badge and its text; from there to the next

QFont badgeFont(const QFont& base)
{
    QFont font = base;
    font.setBold(true);
    font.setPointSizeF(std::max(6.0, base.pointSizeF() * 0.82));
    return font;
}

class BadgeIconEngine : public QIconEngine {
public:
    explicit BadgeIconEngine(QString format)
        : m_format(std::move(format))
    { }
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override
    {
        QFont font = QApplication::font();
        font.setBold(true);
        font.setPixelSize(std::max(6, rect.height() * 9 / 16));
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRectF box = QRectF(rect).adjusted(0.5, rect.height() * 0.06, -0.5, -rect.height() * 0.06);
        if (m_format.isEmpty()) { // kept: a dashed outline, as in the tree
            const QColor text = QApplication::palette().color(QPalette::Text);
            painter->setPen(QPen(text, 1, Qt::DashLine));
            painter->drawRoundedRect(box, 3, 3);
            painter->setPen(text);
        } else {
            const QColor color = formatColor(toStd(m_format));
            painter->setPen(Qt::NoPen);
            painter->setBrush(color);
            painter->drawRoundedRect(box, 3, 3);
            painter->setPen(readableOn(color));
        }
        const QString letters = badgeLetters(m_format);
        const int wide = QFontMetrics(font).horizontalAdvance(letters);
        if (wide > rect.width() - 2)
            font.setPixelSize(std::max(5, font.pixelSize() * (rect.width() - 2) / wide));
        painter->setFont(font);
        painter->drawText(rect, Qt::AlignCenter, letters);
        painter->restore();
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override { return new BadgeIconEngine(m_format); }

private:
    QString m_format;
};

/// Background, selection and focus of a cell, without its text.
void paintPanel(QPainter* painter, const QStyleOptionViewItem& option)
{
    const QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
}

QColor textColor(const QStyleOptionViewItem& option)
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    return option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
}

} // namespace

QString badgeLetters(const QString& formatId)
{
    const StorageFormat* format = findFormat(toStd(formatId));
    if (format != nullptr)
        return toQt(format->info().badge);
    return formatId.isEmpty() ? QStringLiteral("–") : formatId.left(2).toUpper();
}

int badgeWidth(const QString& formatId, const QFont& base)
{
    const QFontMetrics metrics(badgeFont(base));
    return std::max(metrics.horizontalAdvance(badgeLetters(formatId)) + 8, metrics.height() + 6);
}

int paintBadge(QPainter* painter, const QRect& rect, int x, const QString& formatId, const QFont& base)
{
    const QFont font = badgeFont(base);
    const QFontMetrics metrics(font);
    const QString letters = badgeLetters(formatId);
    const int width = badgeWidth(formatId, base);
    const int height = metrics.height() + 1;
    const QRectF box(x + 0.5, rect.center().y() - height / 2.0 + 0.5, width, height);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(font);
    if (formatId.isEmpty()) {
        const QColor pen = painter->pen().color();
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(pen, 1, Qt::DashLine));
        painter->drawRoundedRect(box, 3, 3);
        painter->setPen(pen);
    } else {
        const QColor color = formatColor(toStd(formatId));
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawRoundedRect(box, 3, 3);
        painter->setPen(readableOn(color));
    }
    painter->drawText(box, Qt::AlignCenter, letters);
    painter->restore();
    return x + width + 1;
}

QIcon badgeIcon(const QString& formatId)
{
    return QIcon(new BadgeIconEngine(formatId));
}

void fillFormatCombo(QComboBox* combo, const QString& keepText)
{
    combo->clear();
    if (!keepText.isEmpty())
        combo->addItem(keepText, QString());
    for (const LoaderSupport loader :
        {LoaderSupport::Stock, LoaderSupport::CustomNode, LoaderSupport::None}) {
        bool headed = false;
        for (const StorageFormat* format : storageFormats()) {
            const FormatInfo& info = format->info();
            if (info.loader != loader)
                continue;
            if (!headed) {
                combo->addItem(loaderHeading(static_cast<int>(loader)));
                if (auto* items = qobject_cast<QStandardItemModel*>(combo->model())) {
                    QStandardItem* heading = items->item(combo->count() - 1);
                    heading->setFlags(Qt::NoItemFlags);
                    QFont font = combo->font();
                    font.setBold(true);
                    heading->setFont(font);
                    heading->setData(QVariant(), Qt::UserRole);
                }
                headed = true;
            }
            combo->addItem(badgeIcon(toQt(info.id)), toQt(info.name), toQt(info.id));
            combo->setItemData(combo->count() - 1,
                QStringLiteral("%1\n%2").arg(
                    asSentence(engineText(info.summary)), asSentence(engineText(info.loaderNote))),
                Qt::ToolTipRole);
        }
    }
}

QSize RowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return QStyledItemDelegate::sizeHint(option, index) + QSize(0, kRowAir);
}

void FormatDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& item, const QModelIndex& index) const
{
    QStyleOptionViewItem option = item;
    initStyleOption(&option, index);
    paintPanel(painter, option);
    const auto badges = index.data(LayerTreeModel::BadgesRole).value<QList<FormatBadge>>();
    painter->save();
    painter->setClipRect(option.rect);
    painter->setFont(option.font);
    const QFontMetrics metrics(option.font);
    const auto textOf = [](const FormatBadge& badge) {
        return badge.count > 0 ? countText(badge.count) : formatName(badge.format);
    };
    int x = option.rect.left() + kMargin;
    if (option.direction == Qt::RightToLeft) { // in the same order, at the other side
        int width = kMargin - kNextBadge;
        for (const FormatBadge& badge : badges)
            width += badgeWidth(toQt(badge.format), option.font) + 1 + kBadgeGap
                + metrics.horizontalAdvance(textOf(badge)) + kNextBadge;
        x = std::max(x, option.rect.right() - width);
        painter->setLayoutDirection(Qt::LeftToRight);
    }
    const int begin = x;
    for (const FormatBadge& badge : badges) {
        painter->setPen(textColor(option));
        const QString number = badge.count > 0 ? countText(badge.count) : QString();
        const int needed = metrics.height() + metrics.horizontalAdvance(number) + kMargin;
        if (x > begin && x + needed > option.rect.right()) { // no half badges
            painter->drawText(
                QRect(x - 4, option.rect.top(), option.rect.right() - x + 4, option.rect.height()),
                Qt::AlignVCenter, QStringLiteral("…"));
            break;
        }
        x = paintBadge(painter, option.rect, x, toQt(badge.format), option.font) + kBadgeGap;
        const int room = option.rect.right() - x;
        if (room <= 0)
            break;
        const QString shown = metrics.elidedText(textOf(badge), Qt::ElideRight, room);
        painter->drawText(QRect(x, option.rect.top(), room, option.rect.height()), Qt::AlignVCenter, shown);
        x += metrics.horizontalAdvance(shown) + kNextBadge;
    }
    painter->restore();
}

void SavedDelegate::paint(QPainter* painter, const QStyleOptionViewItem& item, const QModelIndex& index) const
{
    QStyleOptionViewItem option = item;
    initStyleOption(&option, index);
    const QString text = std::exchange(option.text, QString());
    paintPanel(painter, option);
    const double share = std::clamp(index.data(LayerTreeModel::SavedShareRole).toDouble(), 0.0, 1.0);
    const QRect cell = option.rect.adjusted(kMargin, 0, -kMargin, 0);
    painter->save();
    if (share > 0 && !text.isEmpty()) {
        QColor color = textColor(option);
        color.setAlphaF(0.18F);
        painter->fillRect(QRect(cell.left(), cell.bottom() - 4, cell.width(), 3), color);
        color.setAlphaF(option.state.testFlag(QStyle::State_Selected) ? 0.9F : 0.55F);
        const double length = cell.width() * share;
        const double from = option.direction == Qt::RightToLeft ? cell.right() + 1 - length : cell.left();
        painter->fillRect(QRectF(from, cell.bottom() - 4, length, 3), color);
    }
    painter->setPen(textColor(option));
    painter->setFont(option.font);
    painter->drawText(cell.adjusted(0, 0, 0, -3), Qt::AlignRight | Qt::AlignVCenter, text);
    painter->restore();
}

} // namespace mantissa::ui
