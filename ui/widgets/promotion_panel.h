// SPDX-License-Identifier: GPL-3.0-or-later
// The layers that contribute most to a bad picture, and the cheapest promotion of them, with what it costs
// and what it should bring.
#pragma once

#include "ui/actions.h"
#include "ui/presenters/promotion_presenter.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace mantissa::ui {

class PromotionPanel : public QWidget {
    Q_OBJECT
public:
    PromotionPanel(PromotionPresenter& presenter, QAction* find, QWidget* parent = nullptr);

    /// Why there is nothing to measure for what is shown; empty: there is.
    void setObstacle(const QString& why);

private:
    void showPromotion();
    void showNothing(const QString& why);
    void fillList(const Promotion& promotion);

    PromotionPresenter& m_presenter;
    QLabel* m_summary;
    QTreeWidget* m_list;
    QPushButton* m_find;
    QPushButton* m_apply;
    QPushButton* m_cancel;
    QProgressBar* m_bar;
};

} // namespace mantissa::ui
