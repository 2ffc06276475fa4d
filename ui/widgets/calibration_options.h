// SPDX-License-Identifier: GPL-3.0-or-later
// What few calibrations need to say: sizes, sampler, scheduler, guidance, which parts of the model are
// watched, and random data. Folded away until it is asked for; what differs from the model's own settings
// stays readable.
#pragma once

#include "ui/presenters/calibration_presenter.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QToolButton;

namespace mantissa::ui {

class CalibrationOptions : public QWidget {
    Q_OBJECT
public:
    explicit CalibrationOptions(QWidget* parent = nullptr);

    /// The parts that can be watched; the first is watched until the person says otherwise.
    void setRoles(const std::vector<std::string>& roles);
    void addTo(CalibrationSettings& settings) const;
    bool randomData() const;

Q_SIGNALS:
    void changed();

private:
    QWidget* makeBody();
    void showSummary();

    QToolButton* m_more;
    QLineEdit* m_sizes;
    QComboBox* m_sampler;
    QComboBox* m_scheduler;
    QDoubleSpinBox* m_cfg;
    QCheckBox* m_random;
    QWidget* m_body = nullptr;
    QWidget* m_partsBox = nullptr;
    std::vector<QCheckBox*> m_parts;
};

} // namespace mantissa::ui
