// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overrides_json.h"

#include "ui/text.h"

namespace mantissa::ui {

void addOverrides(QJsonObject& object, const DetectionOverrides& overrides)
{
    object.insert(QStringLiteral("architecture"), toQt(overrides.architecture));
    object.insert(QStringLiteral("variant"), toQt(overrides.variant));
    object.insert(QStringLiteral("prediction"), toQt(overrides.prediction));
}

DetectionOverrides overridesFrom(const QJsonObject& object)
{
    const auto text = [&](const char* key) { return toStd(object.value(QLatin1String(key)).toString()); };
    return {text("architecture"), text("variant"), text("prediction")};
}

} // namespace mantissa::ui
