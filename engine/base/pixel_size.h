// SPDX-License-Identifier: GPL-3.0-or-later
// Width and height of a picture, and how people write them.
#pragma once

#include "engine/base/error.h"

#include <string>

namespace mantissa {

struct PixelSize {
    int width = 0, height = 0; ///< pixels
    bool operator==(const PixelSize&) const = default;
};

/// "512x768", or "512" for a square. Usage where it is none.
Result<PixelSize> parsePixelSize(const std::string& text);

} // namespace mantissa
