// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/matrix_reader.h"

#include "engine/export/cast.h"

#include <cassert>

namespace mantissa::ctq {

namespace {

Status readAsFloats(
    const TensorSource& source, std::size_t tensor, std::uint64_t firstElement, std::span<float> dst)
{
    const DType dtype = source.tensors()[tensor].dtype;
    const auto elementBytes = static_cast<std::uint64_t>(bitsOf(dtype)) / 8;
    if (dst.empty())
        return {};
    if (dtype == DType::F32)
        return source.read(tensor, firstElement * elementBytes, std::as_writable_bytes(dst));
    std::vector<std::byte> bytes(dst.size() * elementBytes);
    if (Status read = source.read(tensor, firstElement * elementBytes, bytes); !read)
        return read;
    return toFloats(dtype, bytes, dst);
}

} // namespace

bool isReadableWeight(DType dtype) noexcept
{
    return isTrainingFloat(dtype) || dtype == DType::F8E4M3 || dtype == DType::F8E5M2;
}

MatrixReader::MatrixReader(const TensorSource& source, std::size_t tensor)
    : m_source(&source)
    , m_tensor(tensor)
    , m_shape{source.tensors()[tensor].shape.at(0), source.tensors()[tensor].shape.at(1)}
    , m_dtype(source.tensors()[tensor].dtype)
{
    assert(isReadableWeight(m_dtype));
}

Status MatrixReader::read(std::int64_t firstRow, std::span<float> dst) const
{
    return readAsFloats(*m_source, m_tensor, static_cast<std::uint64_t>(firstRow * m_shape.cols), dst);
}

Result<std::vector<float>> readFloatTensor(const TensorSource& source, std::size_t tensor)
{
    const TensorInfo& info = source.tensors()[tensor];
    const auto count = elementCount(info.shape);
    if (!isReadableWeight(info.dtype) || !count)
        return tl::unexpected(Error{ErrorCode::Unsupported,
            fmt::format("the tensor holds {}, not floating-point numbers", nameOf(info.dtype)), info.name,
            {}});
    std::vector<float> values(static_cast<std::size_t>(*count));
    if (Status read = readAsFloats(source, tensor, 0, values); !read)
        return tl::unexpected(std::move(read.error()).at(info.name));
    return values;
}

Result<std::vector<std::byte>> floatBytes(std::span<const float> values, DType dtype)
{
    std::vector<std::byte> bytes;
    std::vector<float> scratch;
    if (dtype == DType::F64) {
        const std::vector<double> wide(values.begin(), values.end());
        const auto view = std::as_bytes(std::span(wide));
        return std::vector<std::byte>(view.begin(), view.end());
    }
    if (Status cast
        = castElements(DType::F32, std::as_bytes(values), dtype, bytes, scratch, /*allowOverflow=*/true);
        !cast)
        return forward(std::move(cast));
    return bytes;
}

} // namespace mantissa::ctq
