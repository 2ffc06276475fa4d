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

} // namespace mantissa
