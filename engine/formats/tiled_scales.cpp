// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/tiled_scales.h"

#include "engine/formats/grids/grid_writers.h"

#include <algorithm>

namespace mantissa::formats {

namespace {

/// The input scale of int8_blockwise, which convert-to-quant always writes.
constexpr float kInputScale = 1.0f;

} // namespace

TiledFormat::TiledFormat(FormatInfo info, CodeKind code)
    : FormatBase(std::move(info))
    , m_code(code)
{ }

Result<FormatParams> TiledFormat::resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const
{
    if (auto checked = checkOneScaling(shape, wanted, "block", "tile"); !checked)
        return forward(std::move(checked));
    FormatParams params;
    params.scaling = "block";
    params.blockSize = wanted.blockSize == 0 ? info().blockSizes.front() : wanted.blockSize;
    params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
    const auto& offered = info().blockSizes;
    if (std::find(offered.begin(), offered.end(), params.blockSize) == offered.end())
        return fail(ErrorCode::Usage, "{} takes tiles of {}, not {}", info().id, fmt::join(offered, ", "),
            params.blockSize);
    // convert-to-quant scales such layers by row and still calls them blockwise, which no loader can know
    // (3.4).
    if (shape.rows % params.blockSize != 0 || shape.cols % params.blockSize != 0)
        return fail(ErrorCode::Unsupported, "the tile size {} must divide both sides of the matrix [{}, {}]",
            params.blockSize, shape.rows, shape.cols);
    return params;
}

std::vector<StoredTensor> TiledFormat::layout(MatrixShape shape, const FormatParams& params) const
{
    std::vector<StoredTensor> tensors{{"weight", dtype(), {shape.rows, shape.cols}},
        {"weight_scale", DType::F32,
            normalizedScale({shape.rows / params.blockSize, shape.cols / params.blockSize})}};
    if (m_code == CodeKind::Int8)
        tensors.push_back({"input_scale", DType::F32, {}});
    return tensors;
}

LayerSettings TiledFormat::settings(
    MatrixShape, const FormatParams& params, std::string_view origDtype, Arithmetic) const
{
    SettingsWriter json;
    json.text("format", info().id).text("orig_dtype", origDtype).number("group_size", params.blockSize);
    if (params.fullPrecisionMatrixMult)
        json.flag("full_precision_matrix_mult", true);
    return {json.str(), json.str()};
}

Result<FormatParams> TiledFormat::paramsFromSettings(std::string_view json, MatrixShape) const
{
    auto read = readSettings(json, info().id);
    if (!read)
        return forward(std::move(read));
    FormatParams params;
    params.scaling = "block";
    params.blockSize = read->groupSize == 0 ? info().blockSizes.front() : read->groupSize;
    params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
    return params;
}

std::unique_ptr<LayerEncoder> TiledFormat::encoder(const EncodeRequest& request) const
{
    ScaledSpec spec;
    spec.shape = request.shape;
    spec.code = m_code;
    spec.grid = ScaleGrid::Tile;
    spec.tile = request.params.blockSize;
    spec.onesIfAllZero = true;
    if (m_code == CodeKind::Int8) {
        spec.rule = ScaleRule::Int8TileDivide;
        spec.constantTensor = kInputScale;
    } else {
        spec.rule = ScaleRule::Fp8Multiply;
    }
    return makeScaledEncoder(spec);
}

Result<std::unique_ptr<LayerDecoder>> TiledFormat::decoder(MatrixShape shape, const FormatParams& params,
    std::span<const StoredTensor> stored, StoredReader reader) const
{
    if (auto checked = checkStored(stored, 0, "weight", {dtype()}, {{shape.rows, shape.cols}}); !checked)
        return forward(std::move(checked));
    const std::int64_t tile = std::max(params.blockSize, 1);
    // Files of convert-to-quant hold one scale a row where the tile does not divide the matrix (3.4).
    if (shape.rows % tile != 0 || shape.cols % tile != 0) {
        if (auto checked = checkStored(
                stored, 1, "weight_scale", {DType::F32}, {normalizedScale({shape.rows}), {shape.rows}});
            !checked)
            return forward(std::move(checked));
        return makeScaledDecoder({shape, m_code, ScaleGrid::Row, 1, 0}, std::move(reader));
    }
    const Shape grid{shape.rows / tile, shape.cols / tile};
    if (auto checked = checkStored(stored, 1, "weight_scale", {DType::F32}, {normalizedScale(grid), grid});
        !checked)
        return forward(std::move(checked));
    return makeScaledDecoder({shape, m_code, ScaleGrid::Tile, tile, 0}, std::move(reader));
}

Result<CodeGrid> TiledFormat::codeGrid(MatrixShape shape, const FormatParams& params) const
{
    const ScaledStorage storage{shape, m_code, ScaleGrid::Tile, params.blockSize, 0};
    return m_code == CodeKind::Int8 ? scaledGrid(storage, kInputScale) : scaledGrid(storage);
}

} // namespace mantissa::formats
