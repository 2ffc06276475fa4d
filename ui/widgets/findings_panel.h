// SPDX-License-Identifier: GPL-3.0-or-later
// What to look at before an export: severity, reason, layers, and buttons that mend it.
#pragma once

#include "ui/presenters/findings_presenter.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace mantissa::ui {

class FindingsPanel : public QWidget {
    Q_OBJECT
public:
    explicit FindingsPanel(FindingsPresenter& presenter, QWidget* parent = nullptr);

Q_SIGNALS:
    /// Show these layers in the tree.
    void layersRequested(const std::vector<std::size_t>& layers);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    QWidget* makeRow(std::size_t index);
    QLabel* label(const QString& name, const QString& text, QWidget* parent) const;
    FindingsPresenter& m_presenter;
    QComboBox* m_loader;
    QLabel* m_summary;
    QScrollArea* m_scroll;
    QLabel* m_empty;
};

} // namespace mantissa::ui
