// SPDX-License-Identifier: GPL-3.0-or-later
// Reader of one GGUF file, version 2 or 3, little-endian (ggml-org/ggml, docs/gguf.md; spec/quant-formats
// 3.18): magic, version, counts, metadata entries, tensor descriptions, padding, data.
//
// Tensors in block types are decoded while they are read (TensorInfo::encoding): whatever offset is asked
// for, memory stays at some hundred KiB. Dimensions are turned into the usual order, rows first, and
// `comfy.gguf.orig_shape.NAME` gives tensors that were reshaped to fit blocks their own shape again. Names
// are the file's own, but for some text encoders (gguf_names.h).
#pragma once

#include "engine/io/random_access_file.h"
#include "engine/io/tensor_source.h"

#include <memory>
#include <string_view>

namespace mantissa {

/// More than any real header, as that of safetensors: the largest vocabularies take 20 MB. Bounds the time
/// that opening takes.
inline constexpr std::uint64_t kMostGgufHeaderBytes = 100'000'000;

/// True if a file that begins with `head` can only be meant as GGUF.
bool looksLikeGguf(std::string_view head) noexcept;

/// Reads and checks the header. InvalidInput names the byte or the tensor; Unsupported for other versions,
/// big-endian files and tensor types that are not known. Container "gguf".
Result<std::shared_ptr<const TensorSource>> openGguf(std::shared_ptr<const RandomAccessFile> file);

} // namespace mantissa
