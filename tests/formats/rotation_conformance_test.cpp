// SPDX-License-Identifier: GPL-3.0-or-later
// Every golden case of the rotated formats (ConvRot), and the rotation itself.
#include "engine/formats/scaled_codes.h"
#include "tests/formats/golden_cases.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

using namespace mantissa;
using namespace mantissa::test;

namespace {

/// The stored rotation of the golden files, by case and group.
const GoldenTensor& storedRotation(const std::string& name, int group)
{
    static const GoldenFile file("formats/convrot.safetensors");
    return file.at(name + "/rot" + std::to_string(group) + "/rotated_f32");
}

/// The rule of a rotated format applied to weights that are rotated already.
StoredLayer encodeRotated(const Case& one, const std::vector<float>& rotated)
{
    formats::ScaledSpec spec;
    spec.shape = one.request.shape;
    spec.grid = formats::ScaleGrid::Row;
    if (one.encoding.format == "convrot_w4a4") {
        spec.code = formats::CodeKind::Int4;
        spec.rule = formats::ScaleRule::Int4Divide;
    } else {
        spec.code = formats::CodeKind::Int8;
        spec.rule = one.encoding.arithmetic == Arithmetic::CtqCustom ? formats::ScaleRule::Int8RowMultiply
                                                                     : formats::ScaleRule::Int8Divide;
    }
    EncodedPieces pieces;
    formats::makeScaledEncoder(spec)->encode(0, rotated, pieces);
    StoredLayer layer;
    layer.tensors = one.ours.tensors;
    for (const auto& piece : pieces.pieces()) {
        const auto bytes = pieces.bytes(piece);
        layer.bytes.emplace_back(bytes.begin(), bytes.end());
    }
    return layer;
}

/// The peers' rotation has no defined order of summation. On the stored rotation everything must be equal bit
/// for bit; with our own rotation the codes too (no weight of the files is within 1e-5 of a tie and rounds
/// the other way), and the scales but for the last places.
void checkRotatedCase(const Case& one, int group)
{
    if (one.request.source == DType::F32 || startsWith(one.encoder, "ctq_")) {
        Case fromRotation = one;
        fromRotation.ours = encodeRotated(one, storedRotation(one.name, group).floats());
        CHECK(storedDifferences(fromRotation).empty());
        checkFlippedBits(fromRotation);
    } else { // rotated and rounded in the dtype of the input: the last places vanish
        CHECK(storedDifferences(one).empty());
        checkFlippedBits(one);
    }
    CHECK(storedDifferences(one, {"weight_scale"}).empty());
    const auto scales = one.golden.at("weight_scale").floats();
    for (std::size_t row = 0; row < scales.size(); ++row) {
        float ours = 0;
        std::memcpy(&ours, one.ours.bytes[1].data() + row * sizeof ours, sizeof ours);
        CHECK(ours == Approx(scales[row]).epsilon(1e-6));
    }
}

/// Decoded values: in the rotated basis bit for bit, in the original one as close as float32 sums can be.
void checkRotatedDecoding(const Case& one, int group)
{
    const auto decoded = decodeLayer(*one.format, one.request.shape, one.request.params, one.goldenLayer());
    if (const auto found = one.golden.find("dequant_rotated_f32"); found != one.golden.end()) {
        std::vector<float> values = found->second.floats();
        FormatParams plain = one.request.params;
        plain.convrotGroup = 0;
        CHECK(
            difference(values, decodeLayer(*one.format, one.request.shape, plain, one.goldenLayer())) == "");
        kernels::referenceKernels().rotate(
            values.data(), values.size(), static_cast<std::size_t>(group), kernels::Precision::F32);
        CHECK(difference(values, decoded) == "");
        return;
    }
    const auto expected = one.golden.at("dequant_f32").floats();
    for (std::size_t row = 0; row < expected.size() / one.cols(); ++row) {
        float amax = 0;
        for (std::size_t col = 0; col < one.cols(); ++col)
            amax = std::max(amax, std::abs(expected[row * one.cols() + col]));
        std::size_t far = 0;
        for (std::size_t i = row * one.cols(); i < (row + 1) * one.cols(); ++i)
            far += !(std::abs(decoded[i] - expected[i]) <= 2e-6f * amax);
        INFO("row " << row);
        CHECK(far == 0);
    }
}

} // namespace

TEST_CASE("Rotated layers equal those of convert-to-quant and comfy-kitchen")
{
    int checked = 0;
    auto cases = casesOf("convrot", {"hadamard/", "/rot"});
    // asym_w4a8, awq and svdquant have tests of their own.
    for (Case& one : casesOf("int4", {"asym_w4a8", "awq_w4a16", "svdquant_w4a4"}))
        cases.push_back(std::move(one));
    for (const Case& one : cases) {
        INFO(one.label());
        const int group = trailingNumber(one.encoder);
        REQUIRE(one.request.params.convrotGroup == group);
        checkRotatedCase(one, group);
        checkRotatedDecoding(one, group);
        ++checked;
    }
    CHECK(checked == 46 + 10);
}

TEST_CASE("The fast rotation is the regular Hadamard matrix")
{
    const GoldenFile golden("formats/convrot.safetensors");
    for (const kernels::KernelSet* const set : kernels::allKernels())
        for (const std::size_t group : {4u, 16u, 64u, 256u}) {
            INFO(set->name << ", group " << group);
            std::vector<float> unit(group * group);
            for (std::size_t i = 0; i < group; ++i)
                unit[i * group + i] = 1.0f;
            set->rotate(unit.data(), unit.size(), group, kernels::Precision::F32);
            CHECK(difference(golden.at("hadamard/" + std::to_string(group)).floats(), unit) == "");
        }
    // convert-to-quant's matrix for 2^odd, which other loaders refuse: we do not offer such groups.
    CHECK(golden.has("hadamard/ctq_512_sylvester_x_sqrt512_i8"));
    CHECK_FALSE(formats::isRotationGroup(512));
}

TEST_CASE("Our rotation is as exact as the peers'")
{
    int checked = 0;
    const GoldenFile golden("formats/convrot.safetensors");
    for (const auto& [name, tensor] : golden.tensors()) {
        const auto at = name.find("/rot");
        if (at == name.npos)
            continue;
        INFO(name);
        const auto group = static_cast<std::size_t>(trailingNumber(name.substr(0, name.rfind('/'))));
        auto values = inputs().at(name.substr(0, at)).floats();
        kernels::activeKernels().rotate(values.data(), values.size(), group, kernels::Precision::F32);
        const auto expected = tensor.floats();
        const auto cols = static_cast<std::size_t>(tensor.shape[1]);
        std::size_t far = 0;
        for (std::size_t row = 0; row < expected.size() / cols; ++row) {
            float amax = 0;
            for (std::size_t i = row * cols; i < (row + 1) * cols; ++i)
                amax = std::max(amax, std::abs(expected[i]));
            for (std::size_t i = row * cols; i < (row + 1) * cols;
                 ++i) // the margin: a few units of subnormals
                far += !(std::abs(values[i] - expected[i]) <= std::max(1e-6f * amax, 2e-44f));
        }
        CHECK(far == 0);
        ++checked;
    }
    CHECK(checked == 16);
}
