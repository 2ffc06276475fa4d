// SPDX-License-Identifier: GPL-3.0-or-later
// The local statistics that SSIM and MS-SSIM share: means, variances and covariance under a Gaussian window.
#pragma once

#include "engine/compare/filters.h"

namespace mantissa {

/// Wang, Bovik, Sheikh, Simoncelli: "Image quality assessment: from error visibility to structural
/// similarity", IEEE TIP 13(4), 2004: an 11 × 11 window, σ = 1.5, K₁ = 0.01, K₂ = 0.03.
inline constexpr int kSsimWindow = 11;

/// Planes hold values on the 0–1 scale less this: variances of numbers around zero lose less to rounding.
inline constexpr float kSsimCentre = 0.5f;

/// One channel of a picture, as the functions here want it.
FloatPlane ssimPlane(const Picture& picture, int channel);

struct SsimMeans {
    double ssim = 0;
    double contrast = 0; ///< contrast times structure, without luminance: (2·σxy + C₂) / (σx² + σy² + C₂)
};

/// Means over the windows that lie inside; both sides must have kSsimWindow pixels. Where `map` is not null,
/// the SSIM of every pixel is added to it (the planes mirrored beyond their edges).
SsimMeans ssimMeans(const FloatPlane& x, const FloatPlane& y, FloatPlane* map);

} // namespace mantissa
