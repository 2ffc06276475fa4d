// SPDX-License-Identifier: GPL-3.0-or-later
// Paths in the window's own JSON files: absolute, and relative to the file, so that a folder may move as a
// whole.
#pragma once

#include <QJsonObject>
#include <QString>

namespace mantissa::ui {

/// `folder`: where the JSON file is.
QJsonObject pathObject(const QString& path, const QString& folder);
/// The absolute path where something is there, else the relative one where something is there.
QString pathOf(const QJsonObject& object, const QString& folder);

} // namespace mantissa::ui
