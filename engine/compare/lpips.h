// SPDX-License-Identifier: GPL-3.0-or-later
// LPIPS: how far apart two pictures are for a network that was trained on people's judgements (Zhang et al.
// 2018). Its weights are trained and not ours to ship, so it is measured where the user names them.
#pragma once

#include "engine/base/error.h"
#include "engine/compare/metric.h"

#include <filesystem>
#include <memory>
#include <span>

namespace mantissa {

/// The metric with these weights: the state of lpips.LPIPS(net="alex") or "vgg" of the package lpips 0.1.4 in
/// one file, or its linear layers (alex.pth, vgg.pth of that package) and torchvision's network in two, in
/// any container that Mantissa opens. Loads libtorch. InvalidInput, naming the tensor, where one is missing
/// or has another shape. Thread rule: any thread.
Result<std::unique_ptr<const Metric>> readLpips(std::span<const std::filesystem::path> weights);
/// Reads the weights and makes LPIPS the last of pictureMetrics() (addMetric). Usage where LPIPS is there
/// already. Thread rule: at the start of a program, before anything is compared.
Status useLpips(std::span<const std::filesystem::path> weights);

} // namespace mantissa
