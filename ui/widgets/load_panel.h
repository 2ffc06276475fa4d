// SPDX-License-Identifier: GPL-3.0-or-later
// "Will it load?": a table of runtimes and GPUs for the plan as it stands, and the reasons for the cell that
// is selected.
#pragma once

#include "ui/models/load_model.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QTableView;

namespace mantissa::ui {

class LoadPanel : public QWidget {
    Q_OBJECT
public:
    explicit LoadPanel(QWidget* parent = nullptr);
    void setFormats(std::vector<FormatUse> formats);
    /// What was found in this machine; empty: none.
    void setDetected(const std::vector<Gpu>& gpus);
    LoadModel* model() { return m_model; }

private:
    void chooseGpu();
    void showReasons();
    void fitColumns();
    LoadModel* m_model;
    QComboBox* m_gpu;
    QLabel* m_summary;
    QTableView* m_table;
    QLabel* m_reasons;
};

} // namespace mantissa::ui
