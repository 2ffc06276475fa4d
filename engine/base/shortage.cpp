// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/shortage.h"

#include <new>
#include <system_error>

namespace mantissa {

namespace {
// libtorch's own words for a GPU that fell off the bus, or whose context a kernel destroyed.
constexpr std::string_view kDeviceTexts[] = {kNoDevice, "CUDA error", "CUDA driver", "no NVIDIA driver"};
} // namespace

Error outOfMemory(Sentence what, Sentence where)
{
    return {ErrorCode::System, std::move(what), std::move(where), std::string(kMemoryHint)};
}

Error errorOfException(Sentence where)
{
    try {
        throw;
    } catch (const std::bad_alloc&) {
        return outOfMemory("there is not enough memory for this", std::move(where));
    } catch (const std::exception& error) {
        const auto* const system = dynamic_cast<const std::system_error*>(&error);
        if (system != nullptr && system->code() == std::errc::resource_unavailable_try_again)
            return outOfMemory("there is not enough memory for another thread", std::move(where));
        return {
            ErrorCode::Internal, sentence("an internal step failed: {}", error.what()), std::move(where), {}};
    }
}

std::optional<Shortage> shortageOf(const Error& error)
{
    if (error.code == ErrorCode::System && error.hint == kMemoryHint)
        return Shortage::Memory;
    if (error.code == ErrorCode::System && error.hint == kDiskHint)
        return Shortage::Disk;
    for (const std::string_view text : kDeviceTexts)
        if (error.message.find(text) != std::string::npos)
            return Shortage::Device;
    return std::nullopt;
}

} // namespace mantissa
