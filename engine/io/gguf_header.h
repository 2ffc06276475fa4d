// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a GGUF file as it is written there, checked entry by entry; gguf_reader.h says what becomes
// of it.
#pragma once

#include "engine/io/gguf_types.h"
#include "engine/io/random_access_file.h"

#include <map>
#include <string>
#include <vector>

namespace mantissa {

struct GgufHeader {
    struct Tensor {
        std::string name;
        Shape shape; ///< rows first: the reverse of the file's order
        const GgufType* type = nullptr;
        std::uint64_t offset = 0; ///< from the start of the data
        std::uint64_t position = 0; ///< of its description in the file, for messages
    };
    std::map<std::string, std::string> metadata; ///< as text; long lists and texts by their length only
    std::map<std::string, Shape, std::less<>> originalShapes; ///< comfy.gguf.orig_shape.NAME, by NAME
    std::vector<Tensor> tensors; ///< in the order of the header; names are unique
    std::uint64_t alignment = 32;
    std::uint64_t partCount = 1; ///< split.count: files that the model is split into
    std::uint64_t bytes = 0; ///< of the whole header, without padding
};

/// Errors as those of openGguf(). Memory is bounded by the bytes that are there, time by
/// kMostGgufHeaderBytes.
Result<GgufHeader> readGgufHeader(const RandomAccessFile& file);

} // namespace mantissa
