// SPDX-License-Identifier: GPL-3.0-or-later
// Collects what stands out about the plan (of the plan itself, the chosen runtime, the open statistics, what
// was measured) and mends it, each fix one step of undo.
#pragma once

#include "ui/presenters/calibration_presenter.h"
#include "ui/presenters/plan_editor.h"
#include "ui/presenters/sensitivity_presenter.h"

#include <QObject>

#include <vector>

namespace mantissa::ui {

class FindingsPresenter : public QObject {
    Q_OBJECT
public:
    FindingsPresenter(PlanDocument& document, PlanEditor& editor, CalibrationPresenter& calibration,
        SensitivityPresenter& sensitivity, QObject* parent = nullptr);

    /// Problems first. Belongs to the document's state of the last changed().
    const std::vector<Finding>& findings() const { return m_findings; }
    /// Of at least that severity.
    int count(Severity atLeast) const;
    /// Id of the runtime that the file is for; empty: none in particular.
    QString loader() const { return m_loader; }
    void setLoader(const QString& id);
    void apply(std::size_t finding, std::size_t fix);

Q_SIGNALS:
    void changed();

private:
    void refresh();

    PlanDocument& m_document;
    PlanEditor& m_editor;
    CalibrationPresenter& m_calibration;
    SensitivityPresenter& m_sensitivity;
    QString m_loader;
    std::vector<Finding> m_findings;
    JobController m_job;
};

/// What a button says: "Store them as NVFP4".
QString fixText(const PlanFix& fix);
QString severityText(Severity severity);

} // namespace mantissa::ui
