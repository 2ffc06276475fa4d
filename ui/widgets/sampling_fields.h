// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a form that asks how pictures are sampled.
#pragma once

#include "ui/sampling_choice.h"

#include <QObject>

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QWidget;

namespace mantissa::ui {

class SamplingFields : public QObject {
    Q_OBJECT
public:
    /// Object names: `name`Sampler, `name`Scheduler, `name`Cfg, and each with `Label`.
    SamplingFields(const QString& name, QWidget* parent);
    void addTo(QFormLayout* form);
    QDoubleSpinBox* guidance() const { return m_cfg; }
    SamplingChoice choice() const;
    /// What is not as the model has it, in words.
    QStringList summary() const;
    void setEnabled(bool enabled);

Q_SIGNALS:
    void changed();

private:
    QString m_name;
    QComboBox* m_sampler;
    QComboBox* m_scheduler;
    QDoubleSpinBox* m_cfg;
};

} // namespace mantissa::ui
