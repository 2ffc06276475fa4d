// SPDX-License-Identifier: GPL-3.0-or-later
// Elements of any stored dtype to float32 and back, for whole buffers: a thin layer over the kernels.
#pragma once

#include "engine/base/dtype.h"
#include "engine/base/error.h"

#include <cstddef>
#include <span>
#include <vector>

namespace mantissa {

/// `src` holds dst.size() elements. Unsupported for types that are not numbers of whole bytes.
Status toFloats(DType dtype, std::span<const std::byte> src, std::span<float> dst);
/// Converts a buffer between float types, rounding to nearest even; `dst` is resized, `scratch` is reused.
/// InvalidInput where a finite value does not fit float16, unless `allowOverflow`.
Status castElements(DType from, std::span<const std::byte> src, DType to, std::vector<std::byte>& dst,
    std::vector<float>& scratch, bool allowOverflow = false);

std::uint64_t countNonFinite(std::span<const float> values) noexcept;

struct ErrorSums {
    double signal = 0; ///< Σ w²
    double noise = 0; ///< Σ (ŵ − w)²

    ErrorSums& operator+=(const ErrorSums& other) noexcept
    {
        signal += other.signal;
        noise += other.noise;
        return *this;
    }
    double relativeError() const noexcept; ///< ‖ŵ − w‖ / ‖w‖; 1 where only the original is all zero
};
ErrorSums sumErrors(std::span<const float> original, std::span<const float> decoded) noexcept;

} // namespace mantissa
