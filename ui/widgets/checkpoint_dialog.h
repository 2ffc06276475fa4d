// SPDX-License-Identifier: GPL-3.0-or-later
// The open checkpoint beside another one: added, missing and changed layers, with the error of the decoded
// weights.
#pragma once

#include "engine/export/checkpoint_diff.h"
#include "ui/job_controller.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QProgressBar;
class QTreeWidget;

namespace mantissa::ui {

class CheckpointDialog : public QDialog {
    Q_OBJECT
public:
    CheckpointDialog(std::shared_ptr<const Model> first, const QString& second, QWidget* parent = nullptr);

Q_SIGNALS:
    /// Show this layer of the open checkpoint.
    void layerRequested(std::size_t layer);

private:
    void start(std::shared_ptr<const Model> first, const QString& second);
    void fill(const std::vector<LayerDifference>& rows);
    void filter(const QString& text);
    QLabel* m_summary;
    QProgressBar* m_bar;
    QLineEdit* m_search;
    QTreeWidget* m_rows;
    JobController m_job;
};

QString changeText(LayerChange change);

} // namespace mantissa::ui
