// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a safetensors file whose bytes are made block by block, from several threads.
#pragma once

#include "engine/base/error.h"
#include "engine/io/safetensors_header.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <span>

namespace mantissa::tools {

/// Fills bytes [offset, offset + dst.size()) of a tensor's data. Called from several threads at once.
using Filler = std::function<void(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst)>;

/// With an empty filler the data stays a hole in a sparse file. Blocks begin at multiples of 4 MiB inside a
/// tensor.
Status writeCheckpoint(const std::filesystem::path& path, const std::vector<HeaderTensor>& tensors,
    const std::map<std::string, std::string>& metadata, unsigned threads, const Filler& filler);

} // namespace mantissa::tools
