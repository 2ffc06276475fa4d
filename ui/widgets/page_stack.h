// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of which one is shown, and which need no more room than that one does: a page that is not seen makes
// no window wider.
#pragma once

#include <QStackedWidget>

namespace mantissa::ui {

class PageStack : public QStackedWidget {
    Q_OBJECT
public:
    explicit PageStack(QWidget* parent = nullptr)
        : QStackedWidget(parent)
    {
        connect(this, &QStackedWidget::currentChanged, this, &QWidget::updateGeometry);
    }
    QSize minimumSizeHint() const override
    {
        return currentWidget() == nullptr
            ? QSize()
            : currentWidget()->minimumSizeHint().expandedTo(currentWidget()->minimumSize());
    }
};

} // namespace mantissa::ui
