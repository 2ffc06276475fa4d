// SPDX-License-Identifier: GPL-3.0-or-later
// Float32 products and means in the order in which torch computes them on one thread of an x86 CPU, so that
// corrected biases are those of convert-to-quant, bit for bit.
//
// Nothing documents that order; it was measured with torch 2.15.0 (MKL 2024.2): every product is a chain of
// fused multiply-adds in ascending order, cut into blocks of the inner dimension, and the mean is torch's
// pairwise
// ("cascade") sum. Another build or processor may order differently: then the results differ by rounding
// only.
#pragma once

#include <cstddef>
#include <span>

namespace mantissa::ctq {

/// Length of the blocks that an inner dimension of k is cut into; the block sums are added in order.
std::size_t innerBlock(std::size_t k) noexcept;

/// dst[s · R + r] = dot(x[s], rows[r]) for R rows of k values each. dst may not overlap x. Thread-safe.
void orderedProduct(std::span<const float> x, std::size_t samples, std::size_t k, std::span<const float> rows,
    std::span<float> dst);

/// dst[r] = mean over the rows s of x of (dot(x[s], a[r]) − dot(x[s], b[r])), rows being k long.
/// a holds dst.size() rows; b as many, or none for a single product. The rows are number firstRow and on of
/// totalRows: the sum of torch treats the last ones (totalRows mod 32) differently.
/// Thread-safe; needs samples · 64 bytes of its own.
void meanOfProducts(std::span<const float> x, std::size_t samples, std::size_t k, std::span<const float> a,
    std::span<const float> b, std::size_t firstRow, std::size_t totalRows, std::span<float> dst);

} // namespace mantissa::ctq
