// SPDX-License-Identifier: GPL-3.0-or-later
// The golden cases of asym_w4a8_int8 (made by comfy-kitchen's packer), and the decoders of awq_w4a16 and
// svdquant_w4a4 against comfy-kitchen's.
#include "engine/formats/format_support.h"
#include "tests/formats/golden_cases.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

using namespace mantissa;
using namespace mantissa::test;

namespace {

/// A layer of the int4 golden file's decoder cases.
StoredLayer goldenLayer(const GoldenFile& file, const std::string& name, std::vector<StoredTensor> tensors)
{
    StoredLayer layer;
    for (StoredTensor& tensor : tensors) {
        const GoldenTensor& golden = file.at(name + "/" + tensor.suffix);
        tensor.dtype = dtypeFromName(golden.dtype).value();
        const auto* const bytes = reinterpret_cast<const std::byte*>(golden.bytes.data());
        layer.bytes.emplace_back(bytes, bytes + golden.bytes.size());
        CHECK(tensor.shape == golden.shape);
    }
    layer.tensors = std::move(tensors);
    return layer;
}

std::vector<float> floatsOf(const GoldenFile& file, const std::string& name)
{
    return file.at(name).floats();
}

/// The packer's rule on rows that are rotated already.
Case fromGoldenRotation(const Case& one, int group)
{
    static const GoldenFile rotations("formats/convrot.safetensors");
    Case from = one;
    from.request.params.convrotGroup = 0;
    from.ours = encodeLayer(*one.format, from.request,
        rotations.at(one.name + "/rot" + std::to_string(group) + "/rotated_f32").floats());
    return from;
}

} // namespace

TEST_CASE("W4A8 and W6A8 layers equal those of comfy-kitchen")
{
    int checked = 0;
    for (const Case& one : casesOf("int4", {"convrot_w4a4", "awq_w4a16", "svdquant_w4a4"})) {
        INFO(one.label());
        const int group = trailingNumber(one.encoder);
        const Case compared = one.request.source == DType::F32 ? fromGoldenRotation(one, group) : one;
        ++checked;
        if (one.label() == "sub_bf16/asym_w4a8_b4_g64") {
            // Weights far below the least scale: several codes mean zero, and which one depends on whether
            // subnormals are flushed. Both decode to zeros.
            CHECK(storedDifferences(compared, {"weight"}).empty());
            for (const StoredLayer& layer : {one.ours, one.goldenLayer()})
                for (const float value :
                    decodeLayer(*one.format, one.request.shape, one.request.params, layer))
                    CHECK(std::abs(value) < 1e-30f);
            continue;
        }
        if (one.label() == "ext_f32/asym_w4a8_b4_g64") {
            // In the row of 3.3e38 the packer's sums overflow, and its weights of 3e38 decode to 4. All other
            // rows are equal.
            const auto ours = decodeLayer(*one.format, one.request.shape, one.request.params, compared.ours);
            const auto peers
                = decodeLayer(*one.format, one.request.shape, one.request.params, one.goldenLayer());
            const auto rowEnd = static_cast<std::ptrdiff_t>(one.cols());
            CHECK(std::equal(ours.begin() + rowEnd, ours.end(), peers.begin() + rowEnd));
            CHECK(snrDb(one.weights, peers) < 1);
            CHECK(snrDb(one.weights, ours) > 10);
            continue;
        }
        const auto differences = storedDifferences(compared);
        CAPTURE(differences);
        CHECK(differences.empty());
        checkFlippedBits(compared);

        const auto decoded
            = decodeLayer(*one.format, one.request.shape, one.request.params, one.goldenLayer());
        const auto expected = one.golden.at("dequant_f32").floats();
        for (std::size_t row = 0; row < expected.size() / one.cols(); ++row) {
            float amax = 0;
            for (std::size_t i = row * one.cols(); i < (row + 1) * one.cols(); ++i)
                amax = std::max(amax, std::abs(expected[i]));
            std::size_t far = 0;
            for (std::size_t i = row * one.cols(); i < (row + 1) * one.cols(); ++i)
                far += !(std::abs(decoded[i] - expected[i]) <= 2e-6f * amax);
            CHECK(far == 0);
        }
    }
    CHECK(checked == 20);
}

TEST_CASE("AWQ layers are decoded as comfy-kitchen does")
{
    const GoldenFile file("formats/int4.safetensors");
    const auto& format = *findFormat("awq_w4a16");
    const MatrixShape shape{128, 192};
    const auto params = resolved(format, shape);
    StoredLayer layer = goldenLayer(file, "awq_w4a16", format.layout(shape, params));
    const auto decoded = decodeLayer(format, shape, params, layer);
    CHECK(difference(floatsOf(file, "awq_w4a16/dequant_f32"), decoded) == "");
    // bfloat16: the product and the sum are both rounded.
    const auto scales = floatsOf(file, "awq_w4a16/weight_scale"),
               zeros = floatsOf(file, "awq_w4a16/weight_zeros");
    auto inBF16 = decoded;
    for (std::size_t i = 0; i < inBF16.size(); ++i) {
        const std::size_t row = i / 192, at = i % 192 / 64 * 128 + row;
        const float code = std::nearbyint((decoded[i] - zeros[at]) / scales[at]);
        inBF16[i] = kernels::roundToBF16(kernels::roundToBF16(code * scales[at]) + zeros[at]);
    }
    CHECK(difference(floatsOf(file, "awq_w4a16/dequant_bf16"), inBF16) == "");
    for (std::size_t tensor = 0; tensor < layer.bytes.size(); ++tensor) {
        StoredLayer flipped = layer;
        flipped.bytes[tensor][flipped.bytes[tensor].size() / 2] ^= std::byte{1};
        CHECK(decodeLayer(format, shape, params, flipped) != decoded);
    }
}

TEST_CASE("SVDQuant layers give comfy-kitchen's products")
{
    const GoldenFile file("formats/int4.safetensors");
    const auto& format = *findFormat("svdquant_w4a4");
    const MatrixShape shape{128, 192};
    FormatParams wish;
    wish.rank = 16;
    const auto params = resolved(format, shape, wish);
    StoredLayer layer = goldenLayer(file, "svdquant_w4a4", format.layout(shape, params));
    CHECK(format.paramsFromTensors(resolved(format, shape), shape,
              [&](std::string_view suffix) -> std::optional<Shape> {
                  for (const StoredTensor& tensor : layer.tensors)
                      if (tensor.suffix == suffix)
                          return tensor.shape;
                  return std::nullopt;
              })
        == params);
    const auto weight = decodeLayer(format, shape, params, layer);

    // The golden product quantizes the activations; what its x_q stands for goes through the residual alone.
    const auto cols = static_cast<std::size_t>(shape.cols), rows = static_cast<std::size_t>(shape.rows);
    const auto smooth = floatsOf(file, "svdquant_w4a4/weight_smooth_factor");
    const auto down = floatsOf(file, "svdquant_w4a4/weight_proj_down"),
               up = floatsOf(file, "svdquant_w4a4/weight_proj_up");
    const auto xScales = floatsOf(file, "svdquant_w4a4/x_scales"),
               xBranch = floatsOf(file, "svdquant_w4a4/x_lora");
    const auto& xCodes = file.at("svdquant_w4a4/x_q").bytes;
    const auto expected = floatsOf(file, "svdquant_w4a4/y");
    const std::size_t batch = expected.size() / rows, paddedBatch = xCodes.size() / (cols / 2);
    double largest = 0, worst = 0;
    for (std::size_t b = 0; b < batch; ++b)
        for (std::size_t n = 0; n < rows; ++n) {
            double sum = 0;
            for (std::size_t r = 0; r < 16; ++r)
                sum += static_cast<double>(xBranch[b * 16 + r]) * static_cast<double>(up[n * 16 + r]);
            for (std::size_t k = 0; k < cols; ++k) {
                double branch = 0;
                for (std::size_t r = 0; r < 16; ++r)
                    branch += static_cast<double>(up[n * 16 + r]) * static_cast<double>(down[k * 16 + r]);
                const double residual
                    = (static_cast<double>(weight[n * cols + k]) - branch) * static_cast<double>(smooth[k]);
                const unsigned nibble
                    = static_cast<unsigned>(xCodes[b * cols / 2 + k / 2]) >> (4 * (k % 2)) & 15u;
                const int code = static_cast<int>(nibble) - (nibble >= 8 ? 16 : 0);
                sum += residual * code * static_cast<double>(xScales[k / 64 * paddedBatch + b]);
            }
            largest = std::max(largest, std::abs(static_cast<double>(expected[b * rows + n])));
            worst = std::max(worst, std::abs(sum - static_cast<double>(expected[b * rows + n])));
        }
    CHECK(worst <= 1e-5 * largest);
    for (std::size_t tensor = 0; tensor < layer.bytes.size(); ++tensor) {
        StoredLayer flipped = layer;
        // The highest byte of a float: the lowest bits of a branch vanish in its sums.
        flipped.bytes[tensor][flipped.bytes[tensor].size() / 2 + 3] ^= std::byte{1};
        CHECK(decodeLayer(format, shape, params, flipped) != weight);
    }
}
