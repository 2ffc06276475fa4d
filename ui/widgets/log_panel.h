// SPDX-License-Identifier: GPL-3.0-or-later
// The log: filter by job, level and text, copy, save, and go to the layer that a message is about.
#pragma once

#include "ui/models/log_model.h"

#include <QWidget>

class QAction;
class QComboBox;
class QLineEdit;
class QSortFilterProxyModel;
class QTableView;

namespace mantissa::ui {

class LogPanel : public QWidget {
    Q_OBJECT
public:
    LogPanel(LogModel& model, QAction* save, QWidget* parent = nullptr);

Q_SIGNALS:
    void layerRequested(const QString& layer);

private:
    void listJobs();
    void copy() const;
    LogModel& m_model;
    QSortFilterProxyModel* m_proxy;
    QComboBox* m_job;
    QComboBox* m_level;
    QLineEdit* m_filter;
    QTableView* m_table;
};

} // namespace mantissa::ui
