// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/plan_delta.h"

namespace mantissa::ui {

namespace {

QuantPlan headOf(const QuantPlan& plan)
{
    QuantPlan head = plan;
    head.overrides.clear();
    return head;
}

void setOverride(QuantPlan& plan, const std::string& layer, const std::optional<Choice>& choice)
{
    if (choice)
        plan.overrides[layer] = *choice;
    else
        plan.overrides.erase(layer);
}

} // namespace

PlanDelta PlanDelta::between(const QuantPlan& before, const QuantPlan& after)
{
    PlanDelta delta;
    auto a = before.overrides.begin();
    auto b = after.overrides.begin();
    while (a != before.overrides.end() || b != after.overrides.end()) {
        if (b == after.overrides.end() || (a != before.overrides.end() && a->first < b->first)) {
            delta.m_overrides.push_back({a->first, a->second, std::nullopt});
            ++a;
        } else if (a == before.overrides.end() || b->first < a->first) {
            delta.m_overrides.push_back({b->first, std::nullopt, b->second});
            ++b;
        } else {
            if (a->second != b->second)
                delta.m_overrides.push_back({a->first, a->second, b->second});
            ++a;
            ++b;
        }
    }
    QuantPlan headBefore = headOf(before), headAfter = headOf(after);
    if (headBefore != headAfter) {
        delta.m_headBefore = std::make_shared<const QuantPlan>(std::move(headBefore));
        delta.m_headAfter = std::make_shared<const QuantPlan>(std::move(headAfter));
    }
    return delta;
}

void PlanDelta::setHead(QuantPlan& plan, const QuantPlan& head)
{
    std::map<std::string, Choice> overrides = std::move(plan.overrides);
    plan = head;
    plan.overrides = std::move(overrides);
}

void PlanDelta::redo(QuantPlan& plan) const
{
    if (m_headAfter)
        setHead(plan, *m_headAfter);
    for (const OverrideChange& change : m_overrides)
        setOverride(plan, change.layer, change.after);
}

void PlanDelta::undo(QuantPlan& plan) const
{
    if (m_headBefore)
        setHead(plan, *m_headBefore);
    for (const OverrideChange& change : m_overrides)
        setOverride(plan, change.layer, change.before);
}

} // namespace mantissa::ui
