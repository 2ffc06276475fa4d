// SPDX-License-Identifier: GPL-3.0-or-later
// What each format would cost each layer of the open model: measured in the background, shown in the tree, in
// the details and as a list of hot spots.
#pragma once

#include "engine/sensitivity/sensitivity.h"
#include "ui/document.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace mantissa::ui {

/// Errors by layer of the model. Immutable once made.
class LayerErrors {
public:
    LayerErrors(SensitivityTable table, std::size_t layers);

    const SensitivityTable& table() const { return m_table; }
    /// Null for layers that were not measured.
    const LayerSensitivity* layer(std::size_t index) const;
    /// Relative error, 0 to 1, of the layer in a format: at its output where inputs are known, else of its
    /// weight. 0 for what keeps the layer; empty where it was not measured.
    std::optional<double> errorOf(std::size_t layer, const Choice& choice) const;
    /// True where output errors are known.
    bool ofOutputs() const { return m_ofOutputs; }

private:
    SensitivityTable m_table;
    std::vector<std::ptrdiff_t> m_rows; ///< by layer; -1: none
    bool m_ofOutputs = false;
};

class SensitivityPresenter : public QObject {
    Q_OBJECT
public:
    explicit SensitivityPresenter(PlanDocument& document, QObject* parent = nullptr);

    /// Reads the weights of all layers that the plan may quantize; `statistics` adds errors at the outputs.
    void measure(const QString& statistics);
    void cancel();
    bool isMeasuring() const { return m_measure.isRunning(); }
    /// Null until something was measured.
    std::shared_ptr<const LayerErrors> errors() const { return m_errors; }

Q_SIGNALS:
    void progressed(double share);
    void measuringChanged(bool measuring);
    void measured();
    void failed(const mantissa::Error& error);

private:
    PlanDocument& m_document;
    std::shared_ptr<const LayerErrors> m_errors;
    JobController m_measure;
};

} // namespace mantissa::ui
