// SPDX-License-Identifier: GPL-3.0-or-later
// What the fuzz targets share: bytes as a file that exists only in memory, and a reader put through its
// paces.
#pragma once

#include "engine/io/random_access_file.h"
#include "engine/io/tensor_source.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace mantissa::fuzz {

/// Stops the program as a crash does, which is what a fuzzer looks for.
inline void require(bool condition)
{
    if (!condition)
        std::abort();
}

/// A path under which the bytes can be opened, until the next call.
inline std::filesystem::path asFile(const std::uint8_t* data, std::size_t size)
{
    static const int descriptor = ::memfd_create("fuzz", MFD_CLOEXEC);
    require(descriptor >= 0 && ::ftruncate(descriptor, 0) == 0);
    require(::pwrite(descriptor, data, size, 0) == static_cast<ssize_t>(size));
    return "/proc/self/fd/" + std::to_string(descriptor);
}

/// An error must say what is wrong and must not be called a defect of ours.
inline void checkError(const Error& error)
{
    require(error.code == ErrorCode::InvalidInput || error.code == ErrorCode::Unsupported
        || error.code == ErrorCode::System);
    require(!error.message.empty());
}

/// Reads parts of the first tensors; whatever opens must be readable, but for encodings that are not.
inline void exercise(const Result<std::shared_ptr<const TensorSource>>& opened, bool dataIsThere = true)
{
    constexpr std::size_t kMostTensors = 32, kMostBytes = 4096;
    if (!opened)
        return checkError(opened.error());
    const TensorSource& source = **opened;
    std::vector<std::byte> buffer;
    for (std::size_t i = 0; i < std::min(source.tensors().size(), kMostTensors); ++i) {
        const TensorInfo& tensor = source.tensors()[i];
        require(tensor.file < source.info().files.size());
        require(source.find(tensor.name) == static_cast<std::ptrdiff_t>(i));
        const auto count = elementCount(tensor.shape);
        require(count && byteCount(tensor.dtype, *count) == tensor.bytes);
        for (const std::uint64_t begin : {std::uint64_t{0}, tensor.bytes / 3, tensor.bytes}) {
            buffer.resize(
                static_cast<std::size_t>(std::min<std::uint64_t>(tensor.bytes - begin, kMostBytes)));
            const Status status = source.read(i, begin, buffer);
            require(status.has_value() || !dataIsThere || (tensor.encoding && !tensor.encoding->readable));
        }
    }
}

} // namespace mantissa::fuzz
