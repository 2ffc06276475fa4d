// SPDX-License-Identifier: GPL-3.0-or-later
// First stage of detection: tensors are grouped into modules (weight, bias, quantization companions), and
// each weight gets its logical shape, whatever it is packed into (spec/architectures 3.3).
#pragma once

#include "engine/io/tensor_source.h"
#include "engine/model/model.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa::arch {

/// A weight with its belongings, or one tensor that belongs to nothing.
struct Module {
    std::string_view name; ///< path without ".weight"; the whole tensor name of a bare tensor
    bool bare = false; ///< a parameter or buffer: the tensor is named `name`
    std::size_t weight = 0; ///< tensor index
    std::ptrdiff_t bias = -1;
    std::vector<std::size_t> companions; ///< tensor indices, in the order of the file
    Shape shape; ///< logical
    std::optional<StoredFormat> stored;
};

struct ModuleTable {
    std::vector<Module> modules; ///< every tensor of the source is in exactly one
    ExistingQuantization quantization;
    std::vector<Sentence> warnings;
};

/// Views into the names of `source`, which must outlive the table. Reads only settings tensors of at most 64
/// KiB.
ModuleTable groupTensors(const TensorSource& source);

} // namespace mantissa::arch
