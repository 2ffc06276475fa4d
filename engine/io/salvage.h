// SPDX-License-Identifier: GPL-3.0-or-later
// The way out for PyTorch files that openCheckpoint() refuses because their pickle would call things.
#pragma once

#include "engine/io/tensor_source.h"

namespace mantissa {

/// Opens any supported file, and a dangerous PyTorch file too: its plain tensors, without making any call.
/// What a call would have made is missing; SourceInfo::warnings says which calls were left out. Errors as
/// those of openCheckpoint() otherwise; InvalidInput where no tensor is left.
Result<std::shared_ptr<const TensorSource>> openWithoutCalls(const std::filesystem::path& path);

} // namespace mantissa
