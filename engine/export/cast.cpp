// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/cast.h"

#include "kernels/kernel_set.h"

#include <cmath>
#include <cstring>

namespace mantissa {
namespace {

/// From here on values round to infinity in float16: its largest number 65504 and half a step.
constexpr float kFloat16Overflow = 65520.0f;

template <typename T> void widen(std::span<const std::byte> src, std::span<float> dst)
{
    for (std::size_t i = 0; i < dst.size(); ++i) {
        T value;
        std::memcpy(&value, src.data() + i * sizeof(T), sizeof(T));
        dst[i] = static_cast<float>(value);
    }
}

} // namespace

Status toFloats(DType dtype, std::span<const std::byte> src, std::span<float> dst)
{
    const kernels::KernelSet& kernels = kernels::activeKernels();
    const auto* codes = reinterpret_cast<const std::uint8_t*>(src.data());
    switch (dtype) {
    case DType::F32:
        std::memcpy(dst.data(), src.data(), dst.size_bytes());
        return {};
    case DType::F16:
        kernels.floatFromF16(src.data(), dst.size(), dst.data());
        return {};
    case DType::BF16:
        kernels.floatFromBF16(src.data(), dst.size(), dst.data());
        return {};
    case DType::F64:
        kernels.floatFromF64(src.data(), dst.size(), dst.data());
        return {};
    case DType::F8E4M3:
        kernels.decodeE4M3(codes, dst.size(), 1.0f, dst.data());
        return {};
    case DType::F8E5M2:
        kernels.decodeE5M2(codes, dst.size(), 1.0f, dst.data());
        return {};
    case DType::I8:
        widen<std::int8_t>(src, dst);
        return {};
    case DType::U8:
        widen<std::uint8_t>(src, dst);
        return {};
    case DType::I16:
        widen<std::int16_t>(src, dst);
        return {};
    case DType::I32:
        widen<std::int32_t>(src, dst);
        return {};
    case DType::I64:
        widen<std::int64_t>(src, dst);
        return {};
    default:
        return fail(ErrorCode::Unsupported, "{} values cannot be converted to numbers here", nameOf(dtype));
    }
}

Status castElements(DType from, std::span<const std::byte> src, DType to, std::vector<std::byte>& dst,
    std::vector<float>& scratch, bool allowOverflow)
{
    const std::size_t count = src.size() * 8 / static_cast<std::size_t>(bitsOf(from));
    scratch.resize(count);
    if (Status status = toFloats(from, src, scratch); !status)
        return status;
    dst.resize(count * static_cast<std::size_t>(bitsOf(to)) / 8);
    const kernels::KernelSet& kernels = kernels::activeKernels();
    switch (to) {
    case DType::F16:
        if (!allowOverflow && countNonFinite(scratch) == 0
            && kernels.absmax(scratch.data(), count) >= kFloat16Overflow)
            return tl::unexpected(
                Error{ErrorCode::InvalidInput, "it holds values that are too large for float16", {},
                    "use bfloat16, or --allow-nonfinite to turn them into infinity"});
        kernels.f16FromFloat(scratch.data(), count, dst.data());
        return {};
    case DType::BF16:
        kernels.bf16FromFloat(scratch.data(), count, dst.data());
        return {};
    case DType::F32:
        std::memcpy(dst.data(), scratch.data(), dst.size());
        return {};
    default:
        return fail(ErrorCode::Unsupported, "values cannot be cast to {} here", nameOf(to));
    }
}

std::uint64_t countNonFinite(std::span<const float> values) noexcept
{
    return kernels::activeKernels().countNonFinite(values.data(), values.size());
}

double ErrorSums::relativeError() const noexcept
{
    if (signal > 0)
        return std::sqrt(noise / signal);
    return noise > 0 ? 1 : 0;
}

ErrorSums sumErrors(std::span<const float> original, std::span<const float> decoded) noexcept
{
    const kernels::KernelSet& kernels = kernels::activeKernels();
    return {kernels.sumSquares(original.data(), original.size()),
        kernels.sumSquaredError(original.data(), decoded.data(), original.size())};
}

} // namespace mantissa
