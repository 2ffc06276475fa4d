// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders of the block types of GGML, which GGUF files store weights in: a block is a run of consecutive
// values with scales of its own. Little-endian; float32 arithmetic in the order of gguf-py 0.19 (quants.py),
// whose values these give bit for bit (spec/quant-formats 3.18). Arbitrary bytes are valid blocks.
//
// They run once for each reading of a weight, beside the reading itself: a plain loop a type is enough, and
// there is no vectorised version.
#pragma once

#include <cstddef>

namespace mantissa::kernels {

/// Values of the largest block, the "super-block" of the K types.
constexpr std::size_t kMostGgmlBlockValues = 256;

/// Decodes one block: `src` holds its bytes, `dst` has room for its values. No alignment is needed.
using GgmlBlockDecoder = void (*)(const std::byte* src, float* dst) noexcept;

void decodeQ4_0(const std::byte* src, float* dst) noexcept; ///< 32 values in 18 bytes
void decodeQ4_1(const std::byte* src, float* dst) noexcept; ///< 32 in 20
void decodeQ5_0(const std::byte* src, float* dst) noexcept; ///< 32 in 22
void decodeQ5_1(const std::byte* src, float* dst) noexcept; ///< 32 in 24
void decodeQ8_0(const std::byte* src, float* dst) noexcept; ///< 32 in 34
void decodeQ2_K(const std::byte* src, float* dst) noexcept; ///< 256 in 84
void decodeQ3_K(const std::byte* src, float* dst) noexcept; ///< 256 in 110
void decodeQ4_K(const std::byte* src, float* dst) noexcept; ///< 256 in 144
void decodeQ5_K(const std::byte* src, float* dst) noexcept; ///< 256 in 176
void decodeQ6_K(const std::byte* src, float* dst) noexcept; ///< 256 in 210
void decodeIQ4_NL(const std::byte* src, float* dst) noexcept; ///< 32 in 18
void decodeIQ4_XS(const std::byte* src, float* dst) noexcept; ///< 256 in 136
void decodeMXFP4(const std::byte* src, float* dst) noexcept; ///< 32 in 17

} // namespace mantissa::kernels
