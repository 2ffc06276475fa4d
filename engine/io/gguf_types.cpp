// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/gguf_types.h"

#include <algorithm>
#include <array>

namespace mantissa {
namespace {

using namespace kernels;

constexpr GgufType plain(std::uint32_t number, std::string_view name, std::uint32_t bytes, DType dtype)
{
    return {number, name, 1, bytes, dtype, {}, nullptr};
}

constexpr std::size_t kPrefix = 5; ///< "GGUF ", with which full names begin

/// Encodings that are read.
constexpr GgufType blocks(std::uint32_t number, std::string_view id, std::string_view fullName,
    std::uint32_t values, std::uint32_t bytes, GgmlBlockDecoder decode)
{
    return {
        number, fullName.substr(kPrefix), values, bytes, std::nullopt, {"gguf", id, fullName, true}, decode};
}

/// Those that are only shown. (An overload, since GCC 12's -fsanitize=undefined takes no comparison of
/// function pointers for a constant.)
constexpr GgufType blocks(std::uint32_t number, std::string_view id, std::string_view fullName,
    std::uint32_t values, std::uint32_t bytes)
{
    return {number, fullName.substr(kPrefix), values, bytes, std::nullopt, {"gguf", id, fullName, false},
        nullptr};
}

// Types that only ever exist in memory (Q8_1, Q8_K) and those that were taken out of GGML (4, 5, 31 to 33,
// 36 to 38) are left out.
constexpr std::array kTypes{
    plain(0, "F32", 4, DType::F32),
    plain(1, "F16", 2, DType::F16),
    blocks(2, "gguf_q4_0", "GGUF Q4_0", 32, 18, decodeQ4_0),
    blocks(3, "gguf_q4_1", "GGUF Q4_1", 32, 20, decodeQ4_1),
    blocks(6, "gguf_q5_0", "GGUF Q5_0", 32, 22, decodeQ5_0),
    blocks(7, "gguf_q5_1", "GGUF Q5_1", 32, 24, decodeQ5_1),
    blocks(8, "gguf_q8_0", "GGUF Q8_0", 32, 34, decodeQ8_0),
    blocks(10, "gguf_q2_k", "GGUF Q2_K", 256, 84, decodeQ2_K),
    blocks(11, "gguf_q3_k", "GGUF Q3_K", 256, 110, decodeQ3_K),
    blocks(12, "gguf_q4_k", "GGUF Q4_K", 256, 144, decodeQ4_K),
    blocks(13, "gguf_q5_k", "GGUF Q5_K", 256, 176, decodeQ5_K),
    blocks(14, "gguf_q6_k", "GGUF Q6_K", 256, 210, decodeQ6_K),
    blocks(16, "gguf_iq2_xxs", "GGUF IQ2_XXS", 256, 66),
    blocks(17, "gguf_iq2_xs", "GGUF IQ2_XS", 256, 74),
    blocks(18, "gguf_iq3_xxs", "GGUF IQ3_XXS", 256, 98),
    blocks(19, "gguf_iq1_s", "GGUF IQ1_S", 256, 50),
    blocks(20, "gguf_iq4_nl", "GGUF IQ4_NL", 32, 18, decodeIQ4_NL),
    blocks(21, "gguf_iq3_s", "GGUF IQ3_S", 256, 110),
    blocks(22, "gguf_iq2_s", "GGUF IQ2_S", 256, 82),
    blocks(23, "gguf_iq4_xs", "GGUF IQ4_XS", 256, 136, decodeIQ4_XS),
    plain(24, "I8", 1, DType::I8),
    plain(25, "I16", 2, DType::I16),
    plain(26, "I32", 4, DType::I32),
    plain(27, "I64", 8, DType::I64),
    plain(28, "F64", 8, DType::F64),
    blocks(29, "gguf_iq1_m", "GGUF IQ1_M", 256, 56),
    plain(30, "BF16", 2, DType::BF16),
    blocks(34, "gguf_tq1_0", "GGUF TQ1_0", 256, 54),
    blocks(35, "gguf_tq2_0", "GGUF TQ2_0", 256, 66),
    blocks(39, "gguf_mxfp4", "GGUF MXFP4", 32, 17, decodeMXFP4),
    blocks(40, "gguf_nvfp4", "GGUF NVFP4", 64, 36),
    blocks(41, "gguf_q1_0", "GGUF Q1_0", 128, 18),
};

} // namespace

const GgufType* findGgufType(std::uint32_t number) noexcept
{
    const auto* const found = std::ranges::find(kTypes, number, &GgufType::number);
    return found == kTypes.end() ? nullptr : found;
}

const GgufType* findGgufType(std::string_view name) noexcept
{
    const auto* const found = std::ranges::find(kTypes, name, &GgufType::name);
    return found == kTypes.end() ? nullptr : found;
}

std::vector<const ContainerEncoding*> containerEncodings()
{
    std::vector<const ContainerEncoding*> all;
    for (const GgufType& type : kTypes)
        if (!type.plain)
            all.push_back(&type.encoding);
    return all;
}

const ContainerEncoding* findContainerEncoding(std::string_view id) noexcept
{
    const auto* const found = std::ranges::find_if(
        kTypes, [&](const GgufType& type) { return !type.plain && type.encoding.id == id; });
    return found == kTypes.end() ? nullptr : &found->encoding;
}

} // namespace mantissa
