// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/dispatch.h"
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <hwy/highway.h>

namespace mantissa::kernels {

namespace {

/// Enough for every target that Highway has on one platform.
constexpr std::size_t kMaxSets = 16;
constexpr std::size_t kMaxNameLength = 15;

/// All sets of this machine, built at the first use.
class Registry {
public:
    static const Registry& instance() noexcept
    {
        static const Registry registry;
        return registry;
    }
    std::span<const KernelSet* const> all() const noexcept { return {m_pointers.data(), m_count}; }

    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

private:
    Registry() noexcept
    {
        m_pointers[m_count++] = &referenceKernels();
        const std::int64_t usable = hwy::SupportedTargets() & HWY_TARGETS & ~(HWY_SCALAR | HWY_EMU128);
        // Highway numbers its targets from best to worst.
        for (int bit = 62; bit >= 0 && m_count < kMaxSets; --bit) {
            const std::int64_t target = std::int64_t{1} << bit;
            if (usable & target)
                add(target);
        }
        chooseTarget(0);
    }

    /// Restricts Highway's dispatch to one target; 0 lifts the restriction. Nothing else in the program uses
    /// it.
    static void chooseTarget(std::int64_t target) noexcept
    {
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }

    void add(std::int64_t target) noexcept
    {
        KernelSet& set = m_sets[m_count];
        set = referenceKernels();
        const std::string_view name = hwy::TargetName(target);
        for (std::size_t i = 0; i < std::min(name.size(), kMaxNameLength); ++i)
            m_names[m_count][i]
                = name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
        set.name = m_names[m_count].data();
        chooseTarget(target);
        cpu::addConversions(set);
        cpu::addReductions(set);
        cpu::addFp8(set);
        cpu::addIntegers(set);
        cpu::addRotation(set);
        cpu::addNvfp4(set);
        cpu::addMxfp8(set);
        cpu::addGrids(set);
        m_pointers[m_count++] = &set;
    }

    std::array<KernelSet, kMaxSets> m_sets{};
    std::array<std::array<char, kMaxNameLength + 1>, kMaxSets> m_names{};
    std::array<const KernelSet*, kMaxSets> m_pointers{};
    std::size_t m_count = 0;
};

} // namespace

std::span<const KernelSet* const> allKernels() noexcept
{
    return Registry::instance().all();
}

const KernelSet* findKernels(std::string_view name) noexcept
{
    for (const KernelSet* set : allKernels())
        if (set->name == name)
            return set;
    return nullptr;
}

KernelRequest kernelRequest() noexcept
{
    static const KernelRequest request = []() -> KernelRequest {
        const char* const name = std::getenv("MANTISSA_KERNELS");
        if (name == nullptr || *name == '\0')
            return {};
        return {name, findKernels(name) != nullptr};
    }();
    return request;
}

const KernelSet& activeKernels() noexcept
{
    static const KernelSet& active = []() -> const KernelSet& {
        const KernelRequest request = kernelRequest();
        const KernelSet* const named = request.name.empty() ? nullptr : findKernels(request.name);
        return named != nullptr ? *named : *allKernels().back();
    }();
    return active;
}

} // namespace mantissa::kernels
