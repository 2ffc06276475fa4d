// SPDX-License-Identifier: GPL-3.0-or-later
// Reader of one safetensors file: 8 bytes header length, JSON header, data without gaps.
//
// The header is checked more strictly than most loaders do it: whatever opens here has exactly one reading.
#pragma once

#include "engine/io/random_access_file.h"
#include "engine/io/tensor_source.h"

#include <memory>
#include <string_view>

namespace mantissa {

/// The reference implementation's limit on the JSON header (huggingface/safetensors, MAX_HEADER_SIZE).
inline constexpr std::uint64_t kMostSafetensorsHeaderBytes = 100'000'000;

/// True if a file that begins with `head` (16 bytes are enough) can only be meant as safetensors.
bool looksLikeSafetensors(std::string_view head) noexcept;

/// Reads and checks the header. InvalidInput names the byte or the tensor. Container "safetensors".
Result<std::shared_ptr<const TensorSource>> openSafetensors(std::shared_ptr<const RandomAccessFile> file);

} // namespace mantissa
