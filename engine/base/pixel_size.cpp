// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/pixel_size.h"

#include <charconv>

namespace mantissa {

Result<PixelSize> parsePixelSize(const std::string& text)
{
    constexpr int kLargest = 1 << 14; ///< pixels; no model draws more
    PixelSize size;
    const char* const end = text.data() + text.size();
    auto [next, problem] = std::from_chars(text.data(), end, size.width);
    size.height = size.width;
    if (problem == std::errc{} && next != end && (*next == 'x' || *next == 'X')) {
        const auto second = std::from_chars(next + 1, end, size.height);
        next = second.ptr;
        problem = second.ec;
    }
    if (problem != std::errc{} || next != end || size.width < 1 || size.height < 1 || size.width > kLargest
        || size.height > kLargest)
        return fail(ErrorCode::Usage, "\"{}\" is not a size such as 512x768", text);
    return size;
}

} // namespace mantissa
