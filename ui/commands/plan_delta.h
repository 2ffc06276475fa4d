// SPDX-License-Identifier: GPL-3.0-or-later
// The difference between two plans, small enough to keep any number of them for undo.
#pragma once

#include "engine/plan/plan.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mantissa::ui {

class PlanDelta {
public:
    static PlanDelta between(const QuantPlan& before, const QuantPlan& after);

    bool isEmpty() const { return m_overrides.empty() && !m_headBefore; }
    void redo(QuantPlan& plan) const;
    void undo(QuantPlan& plan) const;

private:
    struct OverrideChange {
        std::string layer;
        std::optional<Choice> before, after;
    };
    static void setHead(QuantPlan& plan, const QuantPlan& head);

    std::vector<OverrideChange> m_overrides;
    std::shared_ptr<const QuantPlan> m_headBefore, m_headAfter; ///< all but the overrides; null where equal
};

} // namespace mantissa::ui
