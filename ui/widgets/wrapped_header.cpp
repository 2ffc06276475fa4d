// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/wrapped_header.h"

#include <QFontMetricsF>
#include <QStyle>
#include <QStyleOptionHeader>
#include <QTextLayout>

#include <algorithm>

namespace mantissa::ui {

WrappedHeader::WrappedHeader(QWidget* parent)
    : QHeaderView(Qt::Vertical, parent)
{
    setTextElideMode(Qt::ElideNone); // of one line; ours has several
    setSectionsClickable(true);
}

void WrappedHeader::initStyleOptionForIndex(QStyleOptionHeader* option, int logicalIndex) const
{
    QHeaderView::initStyleOptionForIndex(option, logicalIndex);
    // Styles put the text at the very edge; a header has no margin of its own to set.
    const QString indent(QChar(0x2002)); // EN SPACE
    const QFontMetricsF metrics(font());
    const int margin = 2 * style()->pixelMetric(QStyle::PM_HeaderMargin, option, this);
    const double room = width() - margin - 2 - metrics.horizontalAdvance(indent);
    const int lines
        = std::max(1, static_cast<int>((sectionSize(logicalIndex) - margin) / metrics.lineSpacing()));
    option->text = indent
        + wrappedAndElided(option->text, font(), room, lines)
              .replace(QLatin1Char('\n'), QLatin1Char('\n') + indent);
}

QString wrappedAndElided(const QString& text, const QFont& font, double width, int lines)
{
    const QFontMetricsF metrics(font);
    const QString oneLine = text.simplified();
    QTextLayout layout(oneLine, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    QStringList parts;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        if (parts.size() + 1 == lines) {
            parts << metrics.elidedText(oneLine.mid(line.textStart()), Qt::ElideRight, width);
            break;
        }
        parts << oneLine.mid(line.textStart(), line.textLength()).trimmed();
    }
    layout.endLayout();
    return parts.join(QLatin1Char('\n'));
}

} // namespace mantissa::ui
