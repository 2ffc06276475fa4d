// SPDX-License-Identifier: GPL-3.0-or-later
// Presets of the person's own: plans without a source, one JSON file each, kept with the settings.
#pragma once

#include "engine/plan/plan.h"

#include <QString>

#include <vector>

namespace mantissa::ui {

struct UserPreset {
    QString name; ///< of the file, without its ending
    QuantPlan plan;
};

/// Beside the settings; not created yet.
QString presetFolder();
/// All of them by name; files that are no plans are left out. Reads files.
std::vector<UserPreset> readUserPresets();
/// Keeps what a plan says of any model: base, fallback, recipe, rules and switches, not overrides of single
/// layers, notes and the source. Usage for a name that cannot be a file's.
Status saveUserPreset(const QString& name, const QuantPlan& plan);
Status removeUserPreset(const QString& name);

/// `plan` with the preset in place of what another preset put there; rules of the person stay, and stay
/// stronger.
QuantPlan withUserPreset(QuantPlan plan, const UserPreset& preset);

} // namespace mantissa::ui
