// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compat/hardware.h"

#include "engine/compat/hardware_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace mantissa {

namespace {

constexpr std::size_t kSuggestions = 6;

std::string capabilityText(int capability)
{
    return fmt::format("{}.{}", capability / 10, capability % 10);
}

/// "sm_89", "sm89" or "8.9".
std::optional<int> capabilityOf(std::string_view name)
{
    if (name.rfind("sm_", 0) == 0 || name.rfind("SM_", 0) == 0)
        name.remove_prefix(3);
    else if (name.rfind("sm", 0) == 0 || name.rfind("SM", 0) == 0)
        name.remove_prefix(2);
    else if (name.find('.') == std::string_view::npos)
        return std::nullopt;
    std::string digits;
    for (const char c : name)
        if (c != '.')
            digits += c;
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    constexpr int kOldest = 30, kNewest = 199;
    if (error != std::errc() || end != digits.data() + digits.size() || value < kOldest || value > kNewest)
        return std::nullopt;
    return value;
}

Sentence suggestions(std::string_view key)
{
    std::string digits;
    for (const char c : key)
        if (c >= '0' && c <= '9')
            digits += c;
    std::vector<std::string> near;
    for (const auto& entry : hardwareTable().entries) {
        const bool close = (!digits.empty() && gpuKey(entry.gpu.name).find(digits) != std::string::npos)
            || (key.size() > 2 && gpuKey(entry.gpu.name).find(key) != std::string::npos);
        if (close && near.size() < kSuggestions)
            near.push_back(entry.gpu.name);
    }
    return near.empty() ? Sentence("name it as its driver does, or by compute capability: \"sm_89\"")
                        : sentence("near are {}", fmt::join(near, ", "));
}

Gpu withStatedMemory(Gpu gpu, std::string_view name)
{
    if (const int size = statedMemoryGib(name); size > 0)
        gpu.memoryGib = {size};
    return gpu;
}

/// What to call it in a sentence.
Sentence subject(const Gpu& gpu)
{
    if (gpu.vendor == GpuVendor::Nvidia && gpu.computeCapability > 0)
        return sentence("{} (compute capability {})", gpu.name, capabilityText(gpu.computeCapability));
    return gpu.name;
}

Sentence whyEmulated(const Gpu* gpu, const HardwareTable::FormatRow& row)
{
    if (!gpu)
        return sentence("there is no GPU; it is {}", row.emulated);
    if (gpu->vendor != GpuVendor::Nvidia) {
        return sentence(
            "the fast path is made for NVIDIA GPUs; on {} it is stored so and {}", gpu->name, row.emulated);
    }
    return sentence("the fast path needs compute capability {}, and {} has {}; it is {}",
        capabilityText(row.minComputeCapability), gpu->name,
        gpu->computeCapability > 0 ? capabilityText(gpu->computeCapability) : "an unknown one", row.emulated);
}

} // namespace

std::string_view nameOf(GpuVendor vendor) noexcept
{
    switch (vendor) {
    case GpuVendor::Nvidia:
        return "NVIDIA";
    case GpuVendor::Amd:
        return "AMD";
    case GpuVendor::Intel:
        return "Intel";
    case GpuVendor::Apple:
        return "Apple";
    }
    return "NVIDIA";
}

std::string_view nameOf(FormatSupport support) noexcept
{
    switch (support) {
    case FormatSupport::Native:
        return "native";
    case FormatSupport::Emulated:
        return "emulated";
    case FormatSupport::Refused:
        return "refused";
    }
    return "emulated";
}

const std::vector<Gpu>& knownGpus()
{
    return hardwareTable().gpus;
}

Result<Gpu> findGpu(std::string_view name)
{
    if (const auto capability = capabilityOf(name)) {
        Gpu gpu;
        gpu.name = "GPU with compute capability " + capabilityText(*capability);
        gpu.computeCapability = *capability;
        return gpu;
    }
    const std::string key = gpuKey(name);
    std::vector<const HardwareTable::Entry*> exact, loose;
    for (const auto& entry : hardwareTable().entries) {
        if (entry.keys.front() == key)
            exact.push_back(&entry);
        else if (std::find(entry.keys.begin(), entry.keys.end(), key) != entry.keys.end())
            loose.push_back(&entry);
    }
    const auto& found = exact.empty() ? loose : exact;
    if (key.empty() || found.empty()) {
        return tl::unexpected(Error{
            ErrorCode::Usage, sentence("no GPU of the table is called \"{}\"", name), {}, suggestions(key)});
    }
    // Two chips of one short name do no harm where they are alike.
    const bool alike = std::all_of(found.begin(), found.end(), [&](const HardwareTable::Entry* entry) {
        return entry->gpu.computeCapability == found.front()->gpu.computeCapability
            && entry->gpu.memoryGib == found.front()->gpu.memoryGib;
    });
    if (!alike) {
        std::vector<std::string> names;
        names.reserve(found.size());
        for (const auto* entry : found)
            names.push_back(entry->gpu.name);
        return tl::unexpected(Error{ErrorCode::Usage, sentence("\"{}\" may be more than one GPU", name), {},
            sentence("say which: {}", fmt::join(names, ", "))});
    }
    return withStatedMemory(found.front()->gpu, name);
}

std::vector<FormatVerdict> judgeFormats(const Gpu* gpu)
{
    std::vector<FormatVerdict> verdicts;
    for (const StorageFormat* format : storageFormats()) {
        FormatVerdict verdict;
        verdict.format = format->info().id;
        const auto row = hardwareTable().formats.find(verdict.format);
        if (row == hardwareTable().formats.end() || format->info().loader == LoaderSupport::None) {
            verdict.support = FormatSupport::Refused;
            verdict.reason = "no known runtime loads it";
            verdicts.push_back(std::move(verdict));
            continue;
        }
        verdict.runtime = row->second.runtime;
        if (format->info().loader == LoaderSupport::CustomNode) {
            verdict.support = FormatSupport::Refused;
            verdict.reason = sentence("stock ComfyUI refuses the file; {} loads it", verdict.runtime);
        } else if (gpu && gpu->vendor == GpuVendor::Nvidia
            && gpu->computeCapability >= row->second.minComputeCapability) {
            verdict.support = FormatSupport::Native;
            verdict.reason = sentence("{} {}", subject(*gpu), row->second.native);
        } else {
            verdict.reason = whyEmulated(gpu, row->second);
        }
        verdicts.push_back(std::move(verdict));
    }
    return verdicts;
}

AutoChoice chooseFormat(const Gpu* gpu, std::string_view architecture)
{
    const int capability = gpu && gpu->vendor == GpuVendor::Nvidia ? gpu->computeCapability : 0;
    for (const auto& rule : hardwareTable().autoRules) {
        const auto& ids = rule.architectures;
        const bool fits = ids.empty() || std::find(ids.begin(), ids.end(), architecture) != ids.end();
        if (!fits || capability < rule.minComputeCapability)
            continue;
        if (!gpu) {
            return {rule.choice,
                sentence(
                    "{}: no GPU was found or named, and every loader can dequantize it", rule.choice.format)};
        }
        return {rule.choice, sentence("{} for {}: {}", rule.choice.format, subject(*gpu), rule.reason)};
    }
    return {};
}

} // namespace mantissa
