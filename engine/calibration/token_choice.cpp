// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/token_choice.h"

#include <algorithm>
#include <xxhash.h>

namespace mantissa {

namespace {

constexpr std::size_t kFewestSampled = 64, kMostSampled = 256;
constexpr std::uint64_t kHeldOutSalt = 0x68656C646F757421; // "heldout!"

} // namespace

std::uint64_t promptKey(std::string_view prompt, std::uint64_t seed)
{
    return XXH3_64bits_withSeed(prompt.data(), prompt.size(), seed);
}

std::uint64_t mixKeys(std::uint64_t a, std::uint64_t b) noexcept
{
    std::uint64_t z = a + (b + 1) * 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

std::size_t tokensSampled(std::size_t channels) noexcept
{
    return std::clamp((channels + 31) / 32, kFewestSampled, kMostSampled);
}

bool isHeldOut(std::uint64_t key) noexcept
{
    return mixKeys(key, kHeldOutSalt) % kHeldOutShare == 0;
}

TokenOrder::TokenOrder(std::uint64_t callKey, std::size_t tokens)
    : m_tokens(tokens)
{
    m_order.resize(tokens);
    for (std::size_t i = 0; i < tokens; ++i)
        m_order[i] = {static_cast<std::uint32_t>(i), mixKeys(callKey, i)};
    const auto byKey = [](const ChosenToken& a, const ChosenToken& b) { return a.key < b.key; };
    if (tokens > kMostTokensSeen) {
        std::nth_element(m_order.begin(), m_order.begin() + kMostTokensSeen, m_order.end(), byKey);
        m_order.resize(kMostTokensSeen);
        for (const ChosenToken& chosen : m_order)
            m_seen.push_back(chosen.token);
        std::sort(m_seen.begin(), m_seen.end());
    }
    std::partial_sort(m_order.begin(),
        m_order.begin() + static_cast<std::ptrdiff_t>(std::min(m_order.size(), kMostSampled)), m_order.end(),
        byKey);
    m_order.resize(std::min(m_order.size(), kMostSampled));
}

std::vector<ChosenToken> TokenOrder::first(std::size_t count) const
{
    return {m_order.begin(), m_order.begin() + static_cast<std::ptrdiff_t>(std::min(count, m_order.size()))};
}

} // namespace mantissa
