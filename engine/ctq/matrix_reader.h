// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a stored matrix as float32.
#pragma once

#include "engine/formats/storage_format.h"
#include "engine/io/tensor_source.h"

namespace mantissa::ctq {

/// Whether a weight of this dtype can be quantized: the floating-point types of one to eight bytes.
bool isReadableWeight(DType dtype) noexcept;

/// Keeps a reference to the source. read() may be called from several threads at once.
class MatrixReader {
public:
    /// The tensor has two dimensions and a readable dtype.
    MatrixReader(const TensorSource& source, std::size_t tensor);
    MatrixShape shape() const { return m_shape; }
    DType dtype() const { return m_dtype; }
    /// dst.size() is a multiple of the columns.
    Status read(std::int64_t firstRow, std::span<float> dst) const;

private:
    const TensorSource* m_source;
    std::size_t m_tensor;
    MatrixShape m_shape;
    DType m_dtype;
};

/// All values of a small tensor as float32. Unsupported for dtypes that are no floating-point type.
Result<std::vector<float>> readFloatTensor(const TensorSource& source, std::size_t tensor);
/// Floats as another float dtype, rounded to nearest even; what is too large becomes infinite, as in torch.
Result<std::vector<std::byte>> floatBytes(std::span<const float> values, DType dtype);

} // namespace mantissa::ctq
