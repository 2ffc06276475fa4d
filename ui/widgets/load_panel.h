// SPDX-License-Identifier: GPL-3.0-or-later
// "Will it load?": a table of runtimes and GPUs for the plan as it stands, the reasons for the cell that is
// selected, and how much of a GPU's memory a picture takes.
#pragma once

#include "ui/models/load_model.h"
#include "ui/plan_state.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;
class QTableView;

namespace mantissa::ui {

class LoadPanel : public QWidget {
    Q_OBJECT
public:
    explicit LoadPanel(QWidget* parent = nullptr);
    /// The plan as it stands.
    void setPlan(std::shared_ptr<const Model> model, std::shared_ptr<const PlanState> state);
    /// What was found in this machine; empty: none.
    void setDetected(const std::vector<Gpu>& gpus);
    LoadModel* model() { return m_model; }

private:
    void chooseGpu();
    void showReasons();
    void fitColumns();
    void showMemory();
    LoadModel* m_model;
    QComboBox* m_gpu;
    QLabel* m_summary;
    QTableView* m_table;
    QLabel* m_reasons;
    QComboBox* m_size;
    QSpinBox* m_batch;
    QLabel* m_memory;
    std::shared_ptr<const Model> m_planned;
    std::shared_ptr<const PlanState> m_state;
};

} // namespace mantissa::ui
