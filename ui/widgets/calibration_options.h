// SPDX-License-Identifier: GPL-3.0-or-later
// What few calibrations need to say: sizes, sampler, scheduler, guidance, which parts of the model are
// watched, and random data.
#pragma once

#include "ui/presenters/calibration_presenter.h"
#include "ui/widgets/folded_settings.h"

#include <vector>

class QCheckBox;
class QLineEdit;

namespace mantissa::ui {

class SamplingFields;

class CalibrationOptions : public FoldedSettings {
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
    void makeBody();
    void showSummary();

    QLineEdit* m_sizes;
    SamplingFields* m_sampling;
    QCheckBox* m_random;
    QWidget* m_partsBox = nullptr;
    std::vector<QCheckBox*> m_parts;
};

} // namespace mantissa::ui
