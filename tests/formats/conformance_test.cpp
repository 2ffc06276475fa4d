// SPDX-License-Identifier: GPL-3.0-or-later
// Every case of the golden files of the formats without rotation, encoded and decoded, compared bit for bit.
#include "engine/formats/block_scales.h"
#include "tests/formats/golden_cases.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

using namespace mantissa;
using namespace mantissa::test;

namespace {

/// The part of a padded golden matrix that the weight has.
std::vector<float> cropped(const Case& one, const GoldenTensor& tensor)
{
    const std::vector<float> all = tensor.floats();
    const auto width = static_cast<std::size_t>(tensor.shape.at(1));
    std::vector<float> part;
    for (std::size_t row = 0; row < static_cast<std::size_t>(one.request.shape.rows); ++row)
        part.insert(part.end(), all.begin() + static_cast<std::ptrdiff_t>(row * width),
            all.begin() + static_cast<std::ptrdiff_t>(row * width + one.cols()));
    return part;
}

/// True for the faults of the peers that ours corrects (spec 3.9, 3.10): checked by tests of their own.
bool correctedByOurs(const Case& one)
{
    if (one.file == "nvfp4")
        return one.label() == "zero_f32/ctq_simple" || one.label() == "sub_bf16/ck"
            || one.label() == "sub_f16/ck";
    return one.file == "mxfp8" && (one.name == "sub_bf16" || one.name == "sub_f32");
}

/// What ComfyUI computes in bf16 or f16 from the peer's tensors: code and scale rounded first, then their
/// product.
std::vector<float> dequantizedIn(kernels::Precision precision, const Case& one)
{
    const auto rounded = [&](float value) { return formats::roundTo(precision, value); };
    const auto& codes = one.golden.at("weight").bytes;
    const auto& scaleTensor = one.golden.at("weight_scale");
    std::vector<float> values(one.weights.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t row = i / one.cols(), col = i % one.cols();
        if (one.encoding.format == "nvfp4" || one.encoding.format == "mxfp8") {
            const bool fp4 = one.encoding.format == "nvfp4";
            const formats::TiledGrid grid(scaleTensor.shape[0], scaleTensor.shape[1]);
            const auto scale = scaleTensor.bytes[static_cast<std::size_t>(grid.offset(
                static_cast<std::int64_t>(row), static_cast<std::int64_t>(col / (fp4 ? 16 : 32))))];
            const auto width = static_cast<std::size_t>(one.golden.at("weight").shape[1]);
            if (fp4) {
                const auto byte = codes[row * width + col / 2];
                const auto nibble = static_cast<std::uint8_t>(col % 2 == 0 ? byte >> 4 : byte & 15);
                const float tensorScale = one.golden.at("weight_scale_2").floats().at(0);
                const float product = rounded(rounded(tensorScale) * rounded(kernels::decodeE4M3(scale)));
                values[i] = rounded(kernels::decodeE2M1(nibble) * product);
            } else {
                values[i]
                    = rounded(kernels::decodeE4M3(codes[row * width + col]) * kernels::decodeE8M0(scale));
            }
            continue;
        }
        const auto scales = scaleTensor.floats();
        float scale = scales.size() == 1 ? scales[0] : scales[row];
        if (one.encoding.format != "int8_tensorwise") // int8 is multiplied in float32 and rounded once
            scale = rounded(scale);
        const float code = one.encoding.format == "int8_tensorwise" ? static_cast<std::int8_t>(codes[i])
            : one.encoding.format == "float8_e5m2"                  ? kernels::decodeE5M2(codes[i])
                                                                    : kernels::decodeE4M3(codes[i]);
        values[i] = rounded(code * scale);
    }
    return values;
}

/// convert-to-quant reconstructs its fp8 weights by dividing by the multiplier, not by multiplying with the
/// stored scale: recomputed here from the inputs.
std::vector<float> dividedByMultiplier(const Case& one)
{
    const auto& codes = one.golden.at("weight").bytes;
    const bool perRow = one.encoder == "ctq_row";
    const std::size_t run = perRow ? one.cols() : one.weights.size();
    std::vector<float> values(one.weights.size());
    for (std::size_t begin = 0; begin < values.size(); begin += run) {
        float amax = 0;
        for (std::size_t i = begin; i < begin + run; ++i)
            amax = std::max(amax, std::abs(one.weights[i]));
        const float multiplier = 1.0f / std::max(amax, 1e-12f) * 448.0f;
        for (std::size_t i = begin; i < begin + run; ++i)
            values[i] = kernels::decodeE4M3(codes[i]) / multiplier;
    }
    return values;
}

/// Compares all `dequant*` tensors of a case; counts them in `checked`.
void checkDecoded(const Case& one, int& checked)
{
    const auto decoded = decodeLayer(*one.format, one.request.shape, one.request.params, one.goldenLayer());
    const bool allZero
        = std::all_of(one.weights.begin(), one.weights.end(), [](float w) { return w == 0.0f; });
    for (const auto& [suffix, tensor] : one.golden) {
        if (!startsWith(suffix, "dequant"))
            continue;
        INFO(one.label() << "/" << suffix);
        ++checked;
        const auto expected = cropped(one, tensor);
        if (suffix == "dequant_f32" && one.file == "fp8" && !allZero
            && (one.encoder == "ctq_tensor" || one.encoder == "ctq_row")) {
            CHECK(difference(expected, dividedByMultiplier(one)) == "");
            for (std::size_t i = 0; i < expected.size(); ++i) // ours: the stored scale, one rounding away
                CHECK(decoded[i] == Approx(expected[i]).epsilon(3e-7).margin(1e-44));
        } else if (suffix == "dequant_f32") {
            CHECK(difference(expected, decoded) == "");
        } else {
            REQUIRE((suffix == "dequant_bf16" || suffix == "dequant_f16"));
            const auto precision
                = suffix == "dequant_bf16" ? kernels::Precision::BF16 : kernels::Precision::F16;
            CHECK(difference(expected, dequantizedIn(precision, one)) == "");
        }
    }
}

void checkFile(const std::string& file)
{
    int encoded = 0, decoded = 0;
    for (const Case& one : casesOf(file)) {
        INFO(one.label());
        if (correctedByOurs(one))
            continue;
        const auto differences = storedDifferences(one);
        CAPTURE(differences);
        CHECK(differences.empty());
        checkFlippedBits(one);
        checkDecoded(one, decoded);
        ++encoded;
    }
    CHECK(encoded > 0);
    CHECK(decoded > 0);
}

} // namespace

TEST_CASE("FP8 layers equal those of convert-to-quant and comfy-kitchen")
{
    checkFile("fp8");
}

TEST_CASE("E5M2 by default is what comfy-kitchen writes, but for layers that it destroys")
{
    int equal = 0, corrected = 0;
    for (Case& one : casesOf("fp8")) {
        if (one.encoder != "ck_e5m2" || startsWith(one.name, "sub_"))
            continue;
        INFO(one.label());
        one.request.arithmetic = Arithmetic::Default;
        one.ours = encodeLayer(*one.format, one.request, one.weights);
        if (one.request.source != DType::F16) {
            CHECK(storedDifferences(one).empty());
            ++equal;
            continue;
        }
        const auto decoded = decodeLayer(*one.format, one.request.shape, one.request.params, one.ours);
        CHECK(snrDb(one.weights, one.golden.at("dequant_f32").floats()) < 0);
        CHECK(snrDb(one.weights, decoded) > 25);
        ++corrected;
    }
    CHECK(equal == 11);
    CHECK(corrected == 2);
}

TEST_CASE("INT8 layers equal those of convert-to-quant and comfy-kitchen")
{
    checkFile("int8");
}

TEST_CASE("NVFP4 layers equal those of convert-to-quant and comfy-kitchen")
{
    checkFile("nvfp4");
}

TEST_CASE("MXFP8 layers equal those of convert-to-quant and comfy-kitchen")
{
    checkFile("mxfp8");
}

TEST_CASE("NVFP4 corrects layers that have no scale")
{
    int corrected = 0;
    for (const Case& one : casesOf("nvfp4")) {
        if (!correctedByOurs(one))
            continue;
        INFO(one.label());
        ++corrected;
        // The peer: NaN block scales, or a tensor scale of 0. Nothing of it carries a value.
        const float peerScale = one.golden.at("weight_scale_2").floats().at(0);
        CHECK(peerScale == 0.0f);
        const StoredLayer& ours = one.ours;
        const auto isZero = [](std::byte b) { return b == std::byte{0}; };
        CHECK(std::all_of(ours.bytes[0].begin(), ours.bytes[0].end(), isZero));
        CHECK(std::all_of(ours.bytes[1].begin(), ours.bytes[1].end(), isZero));
        float scale = 0;
        std::memcpy(&scale, ours.bytes[2].data(), sizeof scale);
        CHECK(scale == 1.0f);
        const auto decoded = decodeLayer(*one.format, one.request.shape, one.request.params, ours);
        CHECK(std::all_of(decoded.begin(), decoded.end(), [](float v) { return v == 0.0f; }));
    }
    CHECK(corrected == 3);
}

TEST_CASE("MXFP8 treats blocks without an exponent as zero blocks, and only those")
{
    int corrected = 0;
    for (const Case& one : casesOf("mxfp8")) {
        if (!correctedByOurs(one))
            continue;
        INFO(one.label());
        ++corrected;
        CHECK(storedDifferences(one, {"weight"}).empty());
        const auto& scales = one.golden.at("weight_scale");
        const auto& codes = one.golden.at("weight");
        const formats::TiledGrid grid(scales.shape[0], scales.shape[1]);
        std::size_t zeroBlocks = 0, wrong = 0;
        for (std::size_t i = 0; i < codes.bytes.size(); ++i) {
            const auto width = static_cast<std::size_t>(codes.shape[1]);
            const auto exponent = scales.bytes[static_cast<std::size_t>(grid.offset(
                static_cast<std::int64_t>(i / width), static_cast<std::int64_t>(i % width / 32)))];
            const auto ours = std::to_integer<std::uint8_t>(one.ours.bytes[0][i]);
            zeroBlocks += exponent == 0;
            wrong += ours != (exponent == 0 ? 0 : codes.bytes[i]);
        }
        CHECK(wrong == 0);
        CHECK(zeroBlocks > 0);
        CHECK(one.golden.count("dequant_f32") == 1);
    }
    CHECK(corrected == 6);
}

TEST_CASE("Block scales are tiled as cuBLAS wants them")
{
    const GoldenFile golden("formats/swizzle.safetensors");
    int checked = 0;
    for (const auto& [name, plain] : golden.tensors()) {
        if (name.find("/plain") == name.npos)
            continue;
        INFO(name);
        const auto& blocked = golden.at(name.substr(0, name.find('/')) + "/blocked");
        const formats::TiledGrid grid(plain.shape[0], plain.shape[1]);
        CHECK(blocked.shape == std::vector<std::int64_t>{grid.paddedRows(), grid.paddedCols()});
        std::vector<std::uint8_t> ours(blocked.bytes.size());
        for (std::int64_t row = 0; row < plain.shape[0]; ++row)
            for (std::int64_t col = 0; col < plain.shape[1]; ++col)
                ours.at(static_cast<std::size_t>(grid.offset(row, col)))
                    = plain.bytes[static_cast<std::size_t>(row * plain.shape[1] + col)];
        CHECK(ours == blocked.bytes);
        auto flipped = blocked.bytes;
        flipped[flipped.size() / 2] ^= 1u;
        CHECK(ours != flipped);
        ++checked;
    }
    CHECK(checked == 6);
}

TEST_CASE("Runs are converted between float types as torch does")
{
    const GoldenFile golden("formats/casts.safetensors");
    int checked = 0;
    for (const auto& [name, expected] : golden.tensors()) {
        const auto at = name.find("/to_");
        if (at == name.npos)
            continue;
        INFO(name);
        const auto values = inputs().at(name.substr(0, at)).floats();
        const auto& set = kernels::activeKernels();
        std::vector<std::byte> ours(values.size() * 2);
        (expected.dtype == "F16" ? set.f16FromFloat : set.bf16FromFloat)(
            values.data(), values.size(), ours.data());
        CHECK(std::memcmp(ours.data(), expected.bytes.data(), ours.size()) == 0);
        std::vector<float> back(values.size());
        (expected.dtype == "F16" ? set.floatFromF16 : set.floatFromBF16)(
            ours.data(), back.size(), back.data());
        CHECK(difference(expected.floats(), back) == "");
        ++checked;
    }
    CHECK(checked == 6);
}
