// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/resource.h"

#include <system_error>

namespace mantissa {

std::string_view embeddedResource(std::string_view name)
{
    for (const detail::EmbeddedFile* file = detail::kEmbeddedFiles; file->name != nullptr; ++file)
        if (name == file->name)
            return {file->begin, static_cast<std::size_t>(file->end - file->begin)};
    return {};
}

std::vector<std::string_view> embeddedResources(std::string_view folder)
{
    std::vector<std::string_view> names;
    for (const detail::EmbeddedFile* file = detail::kEmbeddedFiles; file->name != nullptr; ++file)
        if (std::string_view(file->name).starts_with(folder))
            names.emplace_back(file->name);
    return names;
}

std::optional<std::filesystem::path> resourcePath(std::string_view relative)
{
    std::error_code ec;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ec);
    if (!ec) {
        auto installed = program.parent_path().parent_path() / MANTISSA_INSTALLED_RESOURCES / relative;
        if (std::filesystem::exists(installed, ec))
            return installed;
    }
    auto source = std::filesystem::path(MANTISSA_SOURCE_RESOURCES) / relative;
    if (std::filesystem::exists(source, ec))
        return source;
    return std::nullopt;
}

} // namespace mantissa
