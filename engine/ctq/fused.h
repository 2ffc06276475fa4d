// SPDX-License-Identifier: GPL-3.0-or-later
// Private to engine/ctq: one body compiled for several instruction sets.
//
// The arithmetic here is defined with fused multiply-adds, as torch's kernels use them. std::fma is exact
// everywhere, but a library call where the compiler may not assume the instruction; so the loops exist once
// more for processors that have it. All versions give the same bits.
#pragma once

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define MANTISSA_CTQ_WIDE 1
#define MANTISSA_CTQ_AVX512 __attribute__((target("avx512f,fma")))
#define MANTISSA_CTQ_AVX2 __attribute__((target("avx2,fma")))
#define MANTISSA_CTQ_INLINE [[gnu::always_inline]] inline
#else
#define MANTISSA_CTQ_WIDE 0
#define MANTISSA_CTQ_INLINE inline
#endif

namespace mantissa::ctq {

/// a·b + c with one rounding.
MANTISSA_CTQ_INLINE float fused(float a, float b, float c)
{
    return __builtin_fmaf(a, b, c);
}

} // namespace mantissa::ctq
