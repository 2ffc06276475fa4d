// SPDX-License-Identifier: GPL-3.0-or-later
// Budgets: measures what each format would cost each layer, and turns a size into a plan, as one step.
#pragma once

#include "engine/sensitivity/budget_plan.h"
#include "ui/document.h"
#include "ui/presenters/plan_editor.h"

#include <QObject>

#include <memory>
#include <vector>

namespace mantissa::ui {

class BudgetPresenter : public QObject {
    Q_OBJECT
public:
    BudgetPresenter(PlanDocument& document, PlanEditor& editor, QObject* parent = nullptr);

    /// Calls of the network that each layer is tried on when it is measured next; 0: no probe.
    void setProbeCalls(int calls) { m_probeCalls = calls; }
    int probeCalls() const { return m_probeCalls; }
    /// Reads all weights; `statistics` adds output errors, empty: weight errors only. What was measured of
    /// this model before is taken over.
    void measure(const QString& statistics);
    /// Stops: nothing is measured then, but where only the probe was under way, the layers' own errors stand.
    void cancel();
    /// Whether the last probe was stopped before its end; measuring again goes on with it.
    bool probeStopped() const { return m_probeStopped; }
    bool isMeasuring() const { return m_measure.isRunning(); }
    bool hasTable() const { return m_table != nullptr; }
    /// Sizes of files against harm, ascending; empty until something was measured.
    const std::vector<SizedHarm>& curve() const { return m_curve; }
    HarmMeasure harmMeasure() const { return m_measureUsed; }
    /// The smallest harm that the curve has for this size.
    double harmAt(std::uint64_t bytes) const;

    /// The harm of a mix as a relative error, 0 to 1 (engine: relativeError()).
    double relativeErrorOf(double harm) const;
    /// What was measured; null until then.
    std::shared_ptr<const SensitivityTable> table() const { return m_table; }

    /// "6GB", "60%", "4.5bpw", "8GB GPU", "0.5% error": makes it the plan, as one step.
    void apply(const QString& target);
    void apply(std::uint64_t bytes);

Q_SIGNALS:
    void progressed(double share, const QString& what);
    void measured();
    void measuringChanged(bool measuring);
    void applied(const mantissa::BudgetPlan& plan);
    void failed(const mantissa::Error& error);

private:
    void apply(const BudgetTarget& target);
    PlanDocument& m_document;
    PlanEditor& m_editor;
    QuantPlan m_start; ///< the plan that the table was made for
    std::shared_ptr<const SensitivityTable> m_table, m_known;
    int m_probeCalls = 0;
    bool m_probeStopped = false;
    std::vector<SizedHarm> m_curve;
    HarmMeasure m_measureUsed = HarmMeasure::WeightError;
    JobController m_measure, m_solve;
};

} // namespace mantissa::ui
