// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plot_style.h"

#include "ui/widgets/plot_library.h"

namespace mantissa::ui {

void styleAxis(QCPAxis* axis, const ThemeColors& colors, const QFont& font)
{
    axis->setBasePen(QPen(colors.border));
    axis->setTickPen(QPen(colors.border));
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLabelColor(colors.muted);
    axis->setLabelColor(colors.muted);
    axis->setTickLabelFont(font);
    axis->setLabelFont(font);
    axis->grid()->setPen(QPen(colors.border, 1, Qt::DotLine));
}

} // namespace mantissa::ui
