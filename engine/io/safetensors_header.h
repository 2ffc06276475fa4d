// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes in front of the data of a safetensors file, laid out as the reference writer does it.
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
    std::string bytes; ///< length, JSON and padding: everything up to the first byte of data; a multiple of 8
    std::vector<std::uint64_t>
        offsets; ///< of the tensors, in the order they were given; relative to the data
    std::uint64_t dataBytes = 0;
};

/// Lays tensors out widest dtype first, then by name, without gaps; the order in which they are given does
/// not matter. Equal input gives equal bytes. Metadata keys come sorted; without metadata there is no
/// `__metadata__`. InvalidInput for a name or text that no reader would take back: not UTF-8, control
/// characters in a name, two tensors of one name, a shape that overflows, a header beyond the format's limit.
Result<SafetensorsHeader> makeSafetensorsHeader(
    const std::vector<HeaderTensor>& tensors, const std::map<std::string, std::string>& metadata);

} // namespace mantissa
