// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/matrix_reader.h"

#include "kernels/kernel_set.h"

#include <cassert>
#include <cstring>

namespace mantissa::ctq {

namespace {

void toFloats(DType dtype, std::span<const std::byte> bytes, std::span<float> dst)
{
    const kernels::KernelSet& kernel = kernels::activeKernels();
    const auto* const codes = reinterpret_cast<const std::uint8_t*>(bytes.data());
    switch (dtype) {
    case DType::F16:
        return kernel.floatFromF16(bytes.data(), dst.size(), dst.data());
    case DType::BF16:
        return kernel.floatFromBF16(bytes.data(), dst.size(), dst.data());
    case DType::F64:
        return kernel.floatFromF64(bytes.data(), dst.size(), dst.data());
    case DType::F8E4M3:
        return kernel.decodeE4M3(codes, dst.size(), 1.0f, dst.data());
    case DType::F8E5M2:
        return kernel.decodeE5M2(codes, dst.size(), 1.0f, dst.data());
    default:
        assert(dtype == DType::F32);
        std::memcpy(dst.data(), bytes.data(), bytes.size());
    }
}

Status readAsFloats(const TensorSource& source, std::size_t tensor, std::uint64_t firstElement, std::span<float> dst)
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
    toFloats(dtype, bytes, dst);
    return {};
}

} // namespace

bool isReadableWeight(DType dtype) noexcept
{
    return isTrainingFloat(dtype) || dtype == DType::F8E4M3 || dtype == DType::F8E5M2;
}

MatrixReader::MatrixReader(const TensorSource& source, std::size_t tensor)
    : m_source(&source)
    , m_tensor(tensor)
    , m_shape {source.tensors()[tensor].shape.at(0), source.tensors()[tensor].shape.at(1)}
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
        return tl::unexpected(
            Error {ErrorCode::Unsupported, fmt::format("the tensor holds {}, not floating-point numbers", nameOf(info.dtype)),
                info.name, {}});
    std::vector<float> values(static_cast<std::size_t>(*count));
    if (Status read = readAsFloats(source, tensor, 0, values); !read)
        return tl::unexpected(std::move(read.error()).at(info.name));
    return values;
}

std::vector<std::byte> floatBytes(std::span<const float> values, DType dtype)
{
    const kernels::KernelSet& kernel = kernels::activeKernels();
    std::vector<std::byte> bytes(values.size() * static_cast<std::size_t>(bitsOf(dtype)) / 8);
    if (values.empty())
        return bytes;
    if (dtype == DType::F16) {
        kernel.f16FromFloat(values.data(), values.size(), bytes.data());
    } else if (dtype == DType::BF16) {
        kernel.bf16FromFloat(values.data(), values.size(), bytes.data());
    } else if (dtype == DType::F64) {
        const std::vector<double> wide(values.begin(), values.end());
        std::memcpy(bytes.data(), wide.data(), bytes.size());
    } else {
        assert(dtype == DType::F32);
        std::memcpy(bytes.data(), values.data(), bytes.size());
    }
    return bytes;
}

} // namespace mantissa::ctq
