// SPDX-License-Identifier: GPL-3.0-or-later
// Loads libmantissa_torch, and with it libtorch, on first use. No torch header here.
#pragma once

#include "engine/base/error.h"
#include "engine/torch/torch_api.h"

namespace mantissa {

/// The functions of the library; the same pointer every time, valid until the program ends. Takes about half
/// a second the first time. Unsupported, with a hint how to set it up, where this build or this machine has
/// no libtorch. Thread-safe.
Result<const TorchApi*> loadTorch();

/// Lets libtorch's threads sleep while they wait for each other, unless the environment says how they shall
/// wait (OMP_WAIT_POLICY, GOMP_SPINCOUNT). libgomp's own choice is to spin, which on a machine that has other
/// work makes a picture of a small model take ten to forty times as long (docs/benchmarks.md). Thread rule:
/// the first thing that a program does, because it changes the environment, which libgomp reads when it is
/// loaded.
void restWaitingThreads();

} // namespace mantissa
