// SPDX-License-Identifier: GPL-3.0-or-later
// How formats look wherever they appear: a coloured badge with letters, and delegates for the tree.
#pragma once

#include <QIcon>
#include <QString>
#include <QStyledItemDelegate>

class QComboBox;
class QPainter;

namespace mantissa::ui {

/// Letters of a format's badge ("N4"); a dash for "keep".
QString badgeLetters(const QString& formatId);
/// Draws a badge with its left edge at `x`, vertically centred in `rect`; returns the x behind it.
int paintBadge(QPainter* painter, const QRect& rect, int x, const QString& formatId, const QFont& font);
/// The badge as an icon for menus and pickers.
QIcon badgeIcon(const QString& formatId);
/// Fills a picker with "keep" (where asked for) and all formats under headings that say who loads them.
/// The item data is the format's id.
void fillFormatCombo(QComboBox* combo, const QString& keepText);

/// A little air above and below each row.
class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// Format column: badges with the name on leaves, badges with counts on branches.
class FormatDelegate : public RowDelegate {
    Q_OBJECT
public:
    using RowDelegate::RowDelegate;
    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// Saved column: the number over a bar of that length.
class SavedDelegate : public RowDelegate {
    Q_OBJECT
public:
    using RowDelegate::RowDelegate;
    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace mantissa::ui
