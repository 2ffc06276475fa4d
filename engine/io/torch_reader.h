// SPDX-License-Identifier: GPL-3.0-or-later
// Readers of what torch.save writes: zip archives (since torch 1.6) and the older stream of pickles.
#pragma once

#include "engine/io/pickle_machine.h"
#include "engine/io/random_access_file.h"
#include "engine/io/tensor_source.h"

#include <memory>

namespace mantissa {

/// Container "torch-zip". InvalidInput for damaged archives and for pickles that would run anything,
/// Unsupported for TorchScript programs, compressed archives, and tensors that are quantized, sparse or
/// big-endian. With Survey, a value that a call would have made is left out and named in a warning, instead
/// of the file being refused.
Result<std::shared_ptr<const TensorSource>> openTorchZip(
    const std::shared_ptr<const RandomAccessFile>& file, PickleMode mode = PickleMode::Strict);

/// Container "torch-legacy"; errors and mode as above.
Result<std::shared_ptr<const TensorSource>> openTorchLegacy(
    const std::shared_ptr<const RandomAccessFile>& file, PickleMode mode = PickleMode::Strict);

/// What the pickles in the file would run; as far as they can be decoded.
Result<std::vector<PickleCall>> surveyTorchZip(const std::shared_ptr<const RandomAccessFile>& file);
Result<std::vector<PickleCall>> surveyTorchLegacy(const std::shared_ptr<const RandomAccessFile>& file);

} // namespace mantissa
