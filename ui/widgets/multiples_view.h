// SPDX-License-Identifier: GPL-3.0-or-later
// Small histograms of several layers side by side, each with its largest value and the error where it is cut.
// A click (or the arrow keys) chooses the layer that is shown large.
#pragma once

#include "ui/models/multiples_model.h"

#include <QListView>

namespace mantissa::ui {

class MultiplesView : public QListView {
    Q_OBJECT
public:
    explicit MultiplesView(QWidget* parent = nullptr);

    void setViews(const std::vector<ActivationView>& views);
    /// Marks the layer that is shown large; chooses nothing.
    void mark(const QString& layer);
    MultiplesModel* views() { return m_model; }
    /// Two columns; where there is less room, one.
    QSize sizeHint() const override;

Q_SIGNALS:
    void layerChosen(const QString& layer);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void changeEvent(QEvent* event) override;

private:
    void fit();

    MultiplesModel* m_model;
    bool m_marking = false;
};

} // namespace mantissa::ui
