// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison that a worker process makes, as JSON for job_messages.h: what a ComparisonWatcher is told, and
// the result. What people say of pictures is the window's and not in it.
#pragma once

#include "engine/compare/comparison.h"

#include <QJsonObject>

#include <optional>
#include <variant>

namespace mantissa::ui {

/// One call of a ComparisonWatcher: preview(), pairDone() or variantDone().
struct ComparisonNews {
    std::size_t variant = 0, pair = 0;
    std::variant<Picture, ComparedPair, ComparedVariant> what;
};
/// Makes the call, where the watcher wants it.
void tell(const ComparisonWatcher& watcher, const ComparisonNews& news);

QJsonObject toJson(const ComparisonNews& news);
/// Empty where it is none of ours.
std::optional<ComparisonNews> comparisonNews(const QJsonObject& object);

QJsonObject toJson(const Comparison& comparison);
Comparison comparisonOf(const QJsonObject& object);

} // namespace mantissa::ui
