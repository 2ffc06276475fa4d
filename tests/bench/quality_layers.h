// SPDX-License-Identifier: GPL-3.0-or-later
// The layers of a quality file (tests/bench/quality_bench.cpp says its form).
#pragma once

#include "engine/base/error.h"
#include "engine/formats/storage_format.h"

#include <string>
#include <vector>

namespace mantissa::bench {

struct QualityLayer {
    std::string name;
    MatrixShape shape;
    std::vector<float> weight, hessian, mean, absMax, meanAbs; ///< as in InputMoments
    std::vector<float> calibration, test; ///< tokens × columns
};

/// All layers of a file, in the file's order. InvalidInput where a tensor is missing or has another shape.
Result<std::vector<QualityLayer>> readQualityFile(const std::string& path);

} // namespace mantissa::bench
