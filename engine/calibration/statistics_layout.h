// SPDX-License-Identifier: GPL-3.0-or-later
// Names of the tensors in a statistics file (docs/statistics.md); for its reader and writer only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mantissa {

inline constexpr std::string_view kSum = "sum", kSumAbs = "sum_abs", kMinimum = "min", kMaximum = "max",
                                  kBucketAbsMax = "bucket_absmax", kHistogram = "histogram",
                                  kMoment = "second_moment", kHeldOut = "held_out",
                                  kHeldOutKeys = "held_out_keys";

inline std::string statisticsTensor(std::string_view input, std::string_view what)
{
    return std::string(input).append(".").append(what);
}

/// Rows of a matrix that are moved at once: about 16 MB.
inline std::size_t momentTileRows(std::size_t channels)
{
    constexpr std::size_t kTileValues = std::size_t{4} << 20;
    return std::clamp<std::size_t>(kTileValues / std::max<std::size_t>(channels, 1), 1, channels);
}

} // namespace mantissa
