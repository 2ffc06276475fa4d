// SPDX-License-Identifier: GPL-3.0-or-later
// Which instruction sets the files of this folder are compiled for. Include before anything of Highway.
#pragma once

// SSSE3 machines without SSE4 are gone, AVX3_DL adds nothing that we use, and the code wants a vector length
// that is known when it is compiled. What remains on x86-64: SSE4, AVX2, AVX3 (AVX-512), and the obligatory
// scalar baseline, for which nothing is compiled: the reference takes its place.
#define HWY_DISABLED_TARGETS                                                                                 \
    (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

/// True while a file is compiled for a target with vectors.
#define MANTISSA_VECTOR_TARGET (HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128)
