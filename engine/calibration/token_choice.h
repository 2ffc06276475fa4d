// SPDX-License-Identifier: GPL-3.0-or-later
// Which tokens of a calibration run are looked at, which enter XᵀX, and which are held out. Every choice is a
// hash of the prompt, its seed and the place in the run, so that it depends neither on the order of prompts
// nor on how they are split over runs: statistics of parts merge into those of the whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mantissa {

/// Identifies a prompt in statistics, and seeds its noise.
std::uint64_t promptKey(std::string_view prompt, std::uint64_t seed);
/// One number from two, well mixed (the finaliser of SplitMix64).
std::uint64_t mixKeys(std::uint64_t a, std::uint64_t b) noexcept;

/// Tokens of one call that are looked at; of more, this many are chosen. A picture of 1024 × 1024 has 4096 in
/// latents at 8×, in patches of two.
inline constexpr std::size_t kMostTokensSeen = 4096;
/// XᵀX wants at least 8 tokens for each of N channels (spec algorithms 4.2). Over the default run of 32 × 8
/// steps that takes N / 32 a step, within the 64 to 256 that cost nothing beside the step.
std::size_t tokensSampled(std::size_t channels) noexcept;
/// One token in five is held out of XᵀX, for judging what was made with it.
inline constexpr std::uint64_t kHeldOutShare = 5;

struct ChosenToken {
    std::uint32_t token = 0; ///< row of the input
    std::uint64_t key = 0;
};

/// Tokens in the order of their keys: an input with N channels samples the first tokensSampled(N).
class TokenOrder {
public:
    TokenOrder(std::uint64_t callKey, std::size_t tokens);
    std::size_t tokens() const { return m_tokens; }
    /// The first `count` by key, or all.
    std::vector<ChosenToken> first(std::size_t count) const;
    /// The tokens that are looked at, ascending; empty where all are.
    const std::vector<std::int64_t>& seen() const { return m_seen; }

private:
    std::size_t m_tokens;
    std::vector<ChosenToken> m_order;
    std::vector<std::int64_t> m_seen;
};

/// Whether a sampled token is held out.
bool isHeldOut(std::uint64_t key) noexcept;

} // namespace mantissa
