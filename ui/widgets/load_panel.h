// SPDX-License-Identifier: GPL-3.0-or-later
// "Will it load?": a table of runtimes and GPUs for the plan as it stands, the reasons for the cell that is
// selected, and how much of a GPU's memory a picture takes.
#pragma once

#include "engine/compat/gpu_memory.h"
#include "ui/models/load_model.h"
#include "ui/plan_state.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;
class QTableView;

namespace mantissa {
struct VramForecast;
}

namespace mantissa::ui {

class LoadPanel : public QWidget {
    Q_OBJECT
public:
    explicit LoadPanel(QWidget* parent = nullptr);
    /// The plan as it stands.
    void setPlan(std::shared_ptr<const Model> model, std::shared_ptr<const PlanState> state);
    /// What was found in this machine; empty: none.
    void setDetected(const std::vector<Gpu>& gpus);
    /// What is free on them now.
    void setFree(const GpuMemoryReading& reading);
    LoadModel* model() { return m_model; }

Q_SIGNALS:
    /// It came into view, or went out of it.
    void shown(bool visible);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void chooseGpu();
    void showReasons();
    void fitColumns();
    void showMemory();
    void showFree(const VramForecast& forecast, const Gpu* gpu);
    LoadModel* m_model;
    QComboBox* m_gpu;
    QLabel* m_summary;
    QTableView* m_table;
    QLabel* m_reasons;
    QComboBox* m_size;
    QSpinBox* m_batch;
    QLabel* m_memory;
    QLabel* m_free;
    std::optional<GpuMemoryReading> m_reading; ///< empty until the first one is there
    std::shared_ptr<const Model> m_planned;
    std::shared_ptr<const PlanState> m_state;
};

} // namespace mantissa::ui
