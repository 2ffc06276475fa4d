// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/pipeline/device.h"

#include "engine/base/shortage.h"
#include "engine/torch/failure.h"

#include <algorithm>
#include <c10/core/CachingDeviceAllocator.h>
#include <dlfcn.h>
#include <fstream>
#include <malloc.h>

namespace mantissa {

std::uint64_t peakResidentBytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        std::uint64_t kibibytes = 0;
        if (word == "VmHWM:" && status >> kibibytes)
            return kibibytes * 1024;
    }
    return 0;
}

void returnFreedMemory()
{
#ifdef M_MMAP_THRESHOLD
    constexpr int kBytes = 1 << 20;
    ::mallopt(M_MMAP_THRESHOLD, kBytes); // setting it also stops glibc from raising it
#endif
}

void resetGpuPeak(const at::Device& device)
{
    if (!device.is_cpu() && c10::getDeviceAllocator(device.type())->initialized())
        c10::getDeviceAllocator(device.type())->resetPeakStats(std::max<c10::DeviceIndex>(0, device.index()));
}

std::uint64_t gpuPeakBytes(const at::Device& device)
{
    if (device.is_cpu())
        return 0;
    const auto stats = c10::getDeviceAllocator(device.type())
                           ->getDeviceStats(std::max<c10::DeviceIndex>(0, device.index()));
    constexpr auto kAll = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, stats.allocated_bytes[kAll].peak));
}

at::Device deviceFromName(const std::string& name)
{
    if (name == "cpu")
        return at::kCPU;
    if (!name.starts_with("cuda"))
        throw Failure(
            Error{ErrorCode::Usage, sentence("\"{}\" is not a device", name), {}, "cpu, cuda or cuda:1"});
    // Registers the CUDA back end; libmantissa_torch itself is linked against the CPU part alone.
    if (!::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) || !at::hasCUDA())
        throw Failure(Error{ErrorCode::Unsupported, std::string(kNoDevice), name,
            "`packaging/run --cuda` sets the GPU part up; an NVIDIA driver must be installed"});
    return at::Device(name);
}

at::ScalarType computeType(const std::string& name, const at::Device& device)
{
    if (name == "fp32" || (name == "auto" && device.is_cpu()))
        return at::kFloat;
    if (name == "fp16") {
        if (device.is_cpu())
            throw Failure(
                Error{ErrorCode::Usage, "fp16 is for CUDA devices", {}, "on the CPU, use fp32 or bf16"});
        return at::kHalf;
    }
    return at::kBFloat16;
}

} // namespace mantissa
