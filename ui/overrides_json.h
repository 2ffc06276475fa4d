// SPDX-License-Identifier: GPL-3.0-or-later
// What a person knows better than detection, in the window's own JSON: of projects, of queues, of orders to
// workers.
#pragma once

#include "engine/model/model.h"

#include <QJsonObject>

namespace mantissa::ui {

/// Adds the keys "architecture", "variant" and "prediction"; empty texts where nothing is forced.
void addOverrides(QJsonObject& object, const DetectionOverrides& overrides);
/// What is missing is not forced.
DetectionOverrides overridesFrom(const QJsonObject& object);

} // namespace mantissa::ui
