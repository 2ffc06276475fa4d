// SPDX-License-Identifier: GPL-3.0-or-later
// Data that ships with the program: JSON that is part of the binary, and larger files found on disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace mantissa {

namespace detail {
struct EmbeddedFile {
    const char* name;
    const char* begin;
    const char* end;
};
extern const EmbeddedFile kEmbeddedFiles[]; // generated, ends with a null name
} // namespace detail

/// Text of a file below resources/ ("architectures/sdxl.json"); empty if it is not embedded.
std::string_view embeddedResource(std::string_view name);
/// Names of all embedded files below a folder ("architectures/"), sorted.
std::vector<std::string_view> embeddedResources(std::string_view folder);
/// A file below resources/ on disk: beside the installed program, else in the source tree. Empty if it is
/// missing.
std::optional<std::filesystem::path> resourcePath(std::string_view relative);

} // namespace mantissa
