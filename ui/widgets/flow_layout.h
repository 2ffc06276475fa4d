// SPDX-License-Identifier: GPL-3.0-or-later
// Lays widgets out in a row and wraps to the next line where the window is narrow.
#pragma once

#include <QLayout>
#include <QList>

namespace mantissa::ui {

class FlowLayout : public QLayout {
    Q_OBJECT
public:
    FlowLayout(QWidget* parent, int horizontalSpacing, int verticalSpacing);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override;
    QLayoutItem* itemAt(int idx) const override;
    QLayoutItem* takeAt(int idx) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    int arrange(const QRect& rect, bool apply) const;
    QList<QLayoutItem*> m_items;
    int m_horizontal, m_vertical;
};

} // namespace mantissa::ui
