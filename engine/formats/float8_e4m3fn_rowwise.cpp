// SPDX-License-Identifier: GPL-3.0-or-later
// float8_e4m3fn_rowwise: E4M3 codes and one float32 scale a row (spec/quant-formats 3.3). Needs a custom
// node.
#include "engine/formats/grids/grid_writers.h"

namespace mantissa::formats {

namespace {

class Float8Rowwise final : public FormatBase {
public:
    using FormatBase::FormatBase;

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkOneScaling(shape, wanted, "row", "row"); !checked)
            return forward(std::move(checked));
        FormatParams params;
        params.scaling = "row";
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams&) const override
    {
        return {{"weight", DType::F8E4M3, {shape.rows, shape.cols}},
            {"weight_scale", DType::F32, normalizedScale({shape.rows})}};
    }

    LayerSettings settings(
        MatrixShape, const FormatParams& params, std::string_view origDtype, Arithmetic) const override
    {
        SettingsWriter json;
        json.text("format", info().id).text("orig_dtype", origDtype);
        if (params.fullPrecisionMatrixMult)
            json.flag("full_precision_matrix_mult", true);
        return {json.str(), json.str()};
    }

    Result<FormatParams> paramsFromSettings(std::string_view json, MatrixShape) const override
    {
        auto read = readSettings(json, info().id);
        if (!read)
            return forward(std::move(read));
        FormatParams params;
        params.scaling = "row";
        params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        ScaledSpec spec;
        spec.shape = request.shape;
        spec.grid = ScaleGrid::Row;
        spec.onesIfAllZero = true;
        return makeScaledEncoder(spec);
    }

    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams&) const override
    {
        return scaledGrid({shape, CodeKind::E4M3, ScaleGrid::Row, 1, 0});
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams&,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        if (auto checked = checkStored(stored, 0, "weight", {DType::F8E4M3}, {{shape.rows, shape.cols}});
            !checked)
            return forward(std::move(checked));
        if (auto checked = checkStored(stored, 1, "weight_scale", {DType::F32},
                {normalizedScale({shape.rows}), {shape.rows}, {shape.rows, 1}});
            !checked)
            return forward(std::move(checked));
        return makeScaledDecoder({shape, CodeKind::E4M3, ScaleGrid::Row, 1, 0}, std::move(reader));
    }
};

} // namespace

const StorageFormat& float8RowwiseFormat()
{
    static const Float8Rowwise kFormat({
        .id = "float8_e4m3fn_rowwise",
        .name = "FP8 E4M3 per row",
        .badge = "FR",
        .summary
        = "FP8 with one scale per output row: slightly finer than FP8, but no stock loader reads it.",
        .loader = LoaderSupport::CustomNode,
        .loaderNote = "needs a custom node (ComfyUI-QuantOps); stock ComfyUI refuses the file",
        .bitsPerWeight = 8,
        .computeCapability = 89,
        .scalings = {},
        .blockSizes = {},
        .rotates = false,
        .embeddings = false,
    });
    return kFormat;
}

} // namespace mantissa::formats
