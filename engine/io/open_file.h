// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of folders and sets use to open the files they consist of.
#pragma once

#include "engine/io/random_access_file.h"
#include "engine/io/tensor_source.h"

#include <memory>

namespace mantissa {

/// Opens one file that holds tensors itself (safetensors, GGUF or PyTorch), recognised by content. No index,
/// no folder.
Result<std::shared_ptr<const TensorSource>> openTensorFile(std::shared_ptr<const RandomAccessFile> file);

/// Opens a folder: a diffusers pipeline, one component of it, or a sharded set.
Result<std::shared_ptr<const TensorSource>> openFolder(const std::filesystem::path& folder);

} // namespace mantissa
