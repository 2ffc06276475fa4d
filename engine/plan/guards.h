// SPDX-License-Identifier: GPL-3.0-or-later
// What no rule can overrule: why a layer cannot be stored in a format.
#pragma once

#include "engine/plan/plan.h"

#include <optional>
#include <string>

namespace mantissa {

/// Why nothing of this layer can ever be quantized ("norms are never quantized"); empty where it can.
Message neverQuantized(const Layer& layer);

/// Why this layer cannot be stored in any format; empty where it can. `asked`: a rule or override of the user
/// names the layer, rather than a default that happens to cover it.
Message refusesEveryFormat(const Layer& layer, const Component& component, bool asked);

/// The settings that the format uses for this layer, or why it cannot store it.
Result<FormatParams> fitFormat(const Layer& layer, const Choice& choice, RecipeLevel recipe);

} // namespace mantissa
