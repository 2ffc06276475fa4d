// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a safetensors file that is about to be written.
#pragma once

#include "engine/base/dtype.h"
#include "engine/base/error.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mantissa {

struct HeaderTensor {
    std::string name;
    DType dtype = DType::F32;
    Shape shape;
};

struct SafetensorsHeader {
    std::string bytes; ///< length field, JSON and padding: what the file begins with
    std::vector<std::uint64_t> offsets; ///< of each tensor given, from the end of the header
    std::uint64_t dataBytes = 0;
};

/// Lays tensors out as the reference writer does: widest dtype first, then by name; header padded with spaces to
/// eight bytes, metadata first and sorted. Internal if two names are equal, a name is "__metadata__" or a shape
/// does not fill whole bytes; Unsupported if the header would be longer than readers accept (100 MB).
Result<SafetensorsHeader> makeSafetensorsHeader(
    const std::vector<HeaderTensor>& tensors, const std::map<std::string, std::string>& metadata);

} // namespace mantissa
