// SPDX-License-Identifier: GPL-3.0-or-later
// Private to engine/ctq: fits a wished format to a layer's shape.
#pragma once

#include "engine/ctq/layer_choice.h"

namespace mantissa::ctq {

struct FittedFormat {
    const StorageFormat* format = nullptr;
    FormatParams params;
    bool rotatePrimary = false;
    std::string note; ///< where the layer gets something else than was named; may be empty
};

/// Unsupported if the shape rules the format out.
Result<FittedFormat> fitFormat(const FormatWish& wish, MatrixShape shape);

/// The wish that an entry of a layer config makes of the primary one. `note` says where the entry contradicts
/// itself.
FormatWish wishOf(const LayerSettingsEntry& entry, const FormatWish& primary, std::string& note);

} // namespace mantissa::ctq
