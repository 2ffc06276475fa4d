// SPDX-License-Identifier: GPL-3.0-or-later
// The grids of all formats: what is rounded to a grid and written decodes to the same values, bit for bit,
// and searched scales are never worse than those of the absmax rule.
#include "engine/formats/code_grid.h"
#include "kernels/kernel_set.h"
#include "tests/formats/format_harness.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace mantissa;
using namespace mantissa::test;

namespace {

const std::vector<MatrixShape> kShapes{
    {1, 64}, {33, 64}, {128, 256}, {200, 128}, {256, 320}, {37, 100}, {130, 18}};
constexpr std::int64_t kTileRows = 128;

std::vector<FormatParams> variantsOf(const StorageFormat& format, MatrixShape shape)
{
    std::vector<FormatParams> wishes(1), variants;
    for (const auto scaling : format.info().scalings)
        wishes.emplace_back().scaling = scaling;
    for (const int block : format.info().blockSizes)
        wishes.emplace_back().blockSize = block;
    if (format.info().rotates)
        wishes.emplace_back().convrotGroup = 16;
    for (const FormatParams& wish : wishes)
        if (auto params = format.resolve(shape, wish, Recipe::Fast))
            variants.push_back(*params);
    return variants;
}

struct Rounded {
    std::vector<GridScales> scales;
    std::vector<std::vector<float>> tiles; ///< values on the grid, columns contiguous
    std::vector<std::int64_t> firstRows;
};

std::vector<float> tileOf(const std::vector<float>& weights, MatrixShape shape, std::int64_t first)
{
    const std::int64_t rows = std::min(kTileRows, shape.rows - first);
    std::vector<float> tile(static_cast<std::size_t>(rows * shape.cols));
    transpose(
        std::span(weights).subspan(static_cast<std::size_t>(first * shape.cols), tile.size()), rows, tile);
    return tile;
}

float absmax(const std::vector<float>& values)
{
    return kernels::activeKernels().absmax(values.data(), values.size());
}

Rounded roundAll(const CodeGrid& grid, const std::vector<float>& weights, float tensorScale, ScaleRule rule)
{
    Rounded result;
    for (std::int64_t first = 0; first < grid.shape().rows; first += kTileRows) {
        std::vector<float> tile = tileOf(weights, grid.shape(), first);
        const std::int64_t rows = std::min(kTileRows, grid.shape().rows - first);
        result.scales.push_back(grid.scales({tile, rows}, tensorScale, rule));
        for (std::int64_t c = 0; c < grid.shape().cols; ++c) {
            float* const column = tile.data() + c * rows;
            grid.round(result.scales.back(), c, column, column);
        }
        result.tiles.push_back(std::move(tile));
        result.firstRows.push_back(first);
    }
    return result;
}

StoredLayer write(
    const StorageFormat& format, const CodeGrid& grid, const FormatParams& params, const Rounded& rounded)
{
    StoredLayer layer;
    layer.tensors = format.layout(grid.shape(), params);
    for (const StoredTensor& tensor : layer.tensors)
        layer.bytes.emplace_back(*byteCount(tensor.dtype, *elementCount(tensor.shape)));
    EncodedPieces pieces;
    for (std::size_t i = 0; i < rounded.tiles.size(); ++i)
        grid.write(
            rounded.firstRows[i], {rounded.tiles[i], rounded.scales[i].rows}, rounded.scales[i], pieces);
    grid.finish(rounded.scales, pieces);
    for (const auto& piece : pieces.pieces()) {
        const auto bytes = pieces.bytes(piece);
        REQUIRE(piece.offset + piece.size <= layer.bytes[piece.tensor].size());
        std::copy(bytes.begin(), bytes.end(),
            layer.bytes[piece.tensor].begin() + static_cast<std::ptrdiff_t>(piece.offset));
    }
    return layer;
}

/// Row-major values of all tiles, in the basis of the weight.
std::vector<float> rowsOf(const CodeGrid& grid, const Rounded& rounded)
{
    std::vector<float> values(static_cast<std::size_t>(grid.shape().rows * grid.shape().cols));
    for (std::size_t i = 0; i < rounded.tiles.size(); ++i)
        transpose(rounded.tiles[i], grid.shape().cols,
            std::span(values).subspan(
                static_cast<std::size_t>(rounded.firstRows[i] * grid.shape().cols), rounded.tiles[i].size()));
    if (grid.spec().rotation != 0)
        kernels::activeKernels().rotate(
            values.data(), values.size(), grid.spec().rotation, kernels::Precision::F32);
    return values;
}

std::vector<float> plusZero(std::vector<float> values, bool wanted)
{
    for (float& value : values)
        value += wanted ? 0.0f : -0.0f;
    return values;
}

std::vector<float> weightsFor(MatrixShape shape)
{
    auto weights = normals(static_cast<std::size_t>(shape.rows * shape.cols), 11);
    // A row of zeros, a tiny row and an outlier.
    for (std::int64_t c = 0; c < shape.cols && shape.rows > 2; ++c) {
        weights[static_cast<std::size_t>(c)] = 0.0f;
        weights[static_cast<std::size_t>(shape.cols + c)] *= 1e-6f;
    }
    weights.back() = 1.5f;
    return weights;
}

} // namespace

TEST_CASE("values on a format's grid survive the file bit for bit", "[grid]")
{
    int variants = 0;
    for (const StorageFormat* const format : storageFormats())
        for (const MatrixShape shape : kShapes)
            for (const FormatParams& params : variantsOf(*format, shape)) {
                auto grid = format->codeGrid(shape, params);
                if (!grid) { // nf4's nested scales, and blocks of it that cross the ends of rows
                    CHECK(grid.error().code == ErrorCode::Unsupported);
                    CHECK((params.scaling == "nested" || shape.cols % params.blockSize != 0));
                    continue;
                }
                REQUIRE(grid->canWrite());
                for (const ScaleRule rule : {ScaleRule::Absmax, ScaleRule::LeastSquares}) {
                    const auto weights = weightsFor(shape);
                    const float tensorScale = grid->tensorScales(absmax(weights), rule).back();
                    const Rounded rounded = roundAll(*grid, weights, tensorScale, rule);
                    const auto decoded
                        = decodeLayer(*format, shape, params, write(*format, *grid, params, rounded));
                    INFO(format->info().id << " [" << shape.rows << ", " << shape.cols << "] scaling "
                                           << params.scaling << " block " << params.blockSize << " convrot "
                                           << params.convrotGroup.value_or(-1));
                    // A branch is added, and integers have one zero: -0 becomes +0.
                    const bool oneZero = !format->info().ranks.empty() || !format->info().bitWidths.empty();
                    CHECK(difference(plusZero(rowsOf(*grid, rounded), oneZero), plusZero(decoded, oneZero))
                        == "");
                }
                ++variants;
            }
    CHECK(variants > 40);
}

TEST_CASE("searched scales are never worse than absmax scales", "[grid]")
{
    const MatrixShape shape{128, 256};
    const auto weights = weightsFor(shape);
    const auto tile = tileOf(weights, shape, 0);
    std::vector<float> columnWeights(256);
    for (std::size_t c = 0; c < columnWeights.size(); ++c)
        columnWeights[c] = 0.1f + static_cast<float>(c * 37 % 101);
    std::vector<CodeGrid> grids;
    for (const StorageFormat* const format : storageFormats())
        grids.push_back(std::move(*format->codeGrid(shape, resolved(*format, shape))));
    for (const CodeGrid& grid : grids)
        for (const std::span<const float> weightsOfColumns :
            {std::span<const float>(), std::span<const float>(columnWeights)}) {
            double plain = 0, least = std::numeric_limits<double>::infinity();
            grid.scales({tile, shape.rows}, grid.tensorScales(absmax(weights), ScaleRule::Absmax).front(),
                ScaleRule::Absmax, weightsOfColumns, &plain);
            for (const float scale : grid.tensorScales(absmax(weights), ScaleRule::LeastSquares)) {
                double error = 0;
                grid.scales({tile, shape.rows}, scale, ScaleRule::LeastSquares, weightsOfColumns, &error);
                least = std::min(least, error);
            }
            CHECK(least <= plain * (1 + 1e-6));
        }
}

TEST_CASE("the reported error is that of the rounded values", "[grid]")
{
    const MatrixShape shape{64, 128};
    const auto weights = weightsFor(shape);
    auto tile = tileOf(weights, shape, 0);
    const auto original = tile;
    for (const StorageFormat* const format : storageFormats()) {
        auto params = format->resolve(shape, {}, Recipe::Absmax);
        if (!params)
            continue;
        const auto grid = *format->codeGrid(shape, *params);
        double reported = 0, measured = 0;
        tile = original;
        const auto scales
            = grid.scales({tile, shape.rows}, grid.tensorScales(absmax(weights), ScaleRule::Absmax).front(),
                ScaleRule::LeastSquares, {}, &reported);
        for (std::int64_t c = 0; c < shape.cols; ++c)
            grid.round(scales, c, tile.data() + c * shape.rows, tile.data() + c * shape.rows);
        for (std::size_t i = 0; i < tile.size(); ++i)
            measured += std::pow(static_cast<double>(tile[i]) - static_cast<double>(original[i]), 2);
        INFO(format->info().id);
        CHECK(reported == Approx(measured).epsilon(1e-4));
    }
}
