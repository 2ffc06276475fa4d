// SPDX-License-Identifier: GPL-3.0-or-later
// LPIPS as engine/compare/lpips.h promises it.
#pragma once

#include "engine/compare/metric.h"
#include "engine/io/tensor_source.h"

#include <memory>
#include <span>

namespace mantissa {

/// Reads the weights into memory (AlexNet's layers 10 MB, VGG-16's 59 MB).
Result<std::unique_ptr<const Metric>> openLpips(std::span<const std::shared_ptr<const TensorSource>> weights);

} // namespace mantissa
