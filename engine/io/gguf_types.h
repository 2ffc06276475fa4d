// SPDX-License-Identifier: GPL-3.0-or-later
// The tensor types of GGUF files (ggml.h, enum ggml_type; sizes as in gguf-py 0.19, GGML_QUANT_SIZES).
#pragma once

#include "engine/base/dtype.h"
#include "engine/io/tensor_source.h"

#include "kernels/ggml_blocks.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mantissa {

struct GgufType {
    std::uint32_t number = 0; ///< in the file
    std::string_view name; ///< "Q4_K"
    std::uint32_t blockValues = 1, blockBytes = 0;
    std::optional<DType> plain; ///< of the types that are numbers as they are
    ContainerEncoding encoding; ///< of all others
    kernels::GgmlBlockDecoder decode = nullptr; ///< null for plain types, and for those that are not readable
};

/// Null for a number that no type has.
const GgufType* findGgufType(std::uint32_t number) noexcept;
/// By its name in capitals; null where there is none.
const GgufType* findGgufType(std::string_view name) noexcept;

} // namespace mantissa
