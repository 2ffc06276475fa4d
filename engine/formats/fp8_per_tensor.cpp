// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/fp8_per_tensor.h"

#include "engine/formats/grids/grid_writers.h"

namespace mantissa::formats {

Fp8PerTensor::Fp8PerTensor(FormatInfo info, CodeKind code, bool onlyKitchen)
    : FormatBase(std::move(info))
    , m_code(code)
    , m_onlyKitchen(onlyKitchen)
{ }

Result<FormatParams> Fp8PerTensor::resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const
{
    if (auto checked = checkMatrix(shape); !checked)
        return forward(std::move(checked));
    if (!wanted.scaling.empty() && wanted.scaling != "tensor")
        return fail(ErrorCode::Unsupported, "{} has one scale for the whole matrix, not \"{}\" scaling",
            info().id, wanted.scaling);
    FormatParams params;
    params.scaling = "tensor";
    params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
    return params;
}

std::vector<StoredTensor> Fp8PerTensor::layout(MatrixShape shape, const FormatParams&) const
{
    return {{"weight", dtype(), {shape.rows, shape.cols}}, {"weight_scale", DType::F32, {}}};
}

LayerSettings Fp8PerTensor::settings(
    MatrixShape, const FormatParams& params, std::string_view origDtype, Arithmetic) const
{
    SettingsWriter json;
    json.text("format", info().id).text("orig_dtype", origDtype);
    if (params.fullPrecisionMatrixMult)
        json.flag("full_precision_matrix_mult", true);
    return {json.str(), json.str()};
}

Result<FormatParams> Fp8PerTensor::paramsFromSettings(std::string_view json, MatrixShape) const
{
    auto read = readSettings(json, info().id);
    if (!read)
        return forward(std::move(read));
    FormatParams params;
    params.scaling = "tensor";
    params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
    return params;
}

std::unique_ptr<LayerEncoder> Fp8PerTensor::encoder(const EncodeRequest& request) const
{
    // The largest magnitude is the best scale that FP8 can have (spec/algorithms 4.1, row d): one recipe.
    ScaledSpec spec;
    spec.shape = request.shape;
    spec.code = m_code;
    spec.onesIfAllZero = true;
    if (m_onlyKitchen || request.arithmetic == Arithmetic::Kitchen) {
        spec.rule = ScaleRule::Fp8Kitchen;
        spec.precision = kitchenPrecision(request.source);
        spec.widenOnOverflow = request.arithmetic != Arithmetic::Kitchen;
    }
    return makeScaledEncoder(spec);
}

Result<std::unique_ptr<LayerDecoder>> Fp8PerTensor::decoder(
    MatrixShape shape, const FormatParams&, std::span<const StoredTensor> stored, StoredReader reader) const
{
    if (auto checked = checkStored(stored, 0, "weight", {dtype()}, {{shape.rows, shape.cols}}); !checked)
        return forward(std::move(checked));
    if (auto checked = checkStored(stored, 1, "weight_scale", {DType::F32}, {{}, {1}}); !checked)
        return forward(std::move(checked));
    return makeScaledDecoder({shape, m_code, ScaleGrid::Tensor, 1, 0}, std::move(reader));
}

Result<CodeGrid> Fp8PerTensor::codeGrid(MatrixShape shape, const FormatParams&) const
{
    return scaledGrid({shape, m_code, ScaleGrid::Tensor, 1, 0});
}

} // namespace mantissa::formats
