// SPDX-License-Identifier: GPL-3.0-or-later
// A made-up layer whose inputs look like those of a network: correlated, with a few large channels and a
// mean.
#pragma once

#include "engine/torch/prelude.h"

#include "engine/torch/quantize/tiles.h"

namespace mantissa::test {

struct RandomLayer {
    at::Tensor weight; ///< [M, N]
    at::Tensor inputs, heldOut; ///< [T, N]
    at::Tensor hessian, mean, absMax, meanAbs;
};

/// The same for the same numbers. N of 64 or more.
RandomLayer randomLayer(std::int64_t rows, std::int64_t cols, std::uint64_t seed);

} // namespace mantissa::test
