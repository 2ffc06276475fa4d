// SPDX-License-Identifier: GPL-3.0-or-later
// int8_tensorwise: 8-bit integers with one float32 scale for the tensor or one a row, the rows perhaps
// rotated by a regular Hadamard matrix ("ConvRot"; spec/quant-formats 3.5 to 3.7).
#include "engine/formats/grids/grid_writers.h"

namespace mantissa::formats {

namespace {

/// The groups that recipe fast tries, in this order (spec/algorithms 4.2); also what 3.7 does for a wish of
/// 256.
constexpr int kPreferredGroup = 256, kSmallerGroup = 64;

class Int8Tensorwise final : public FormatBase {
public:
    using FormatBase::FormatBase;

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe recipe) const override
    {
        if (auto checked = checkMatrix(shape); !checked)
            return forward(std::move(checked));
        FormatParams params;
        params.scaling = wanted.scaling.empty() ? "row" : wanted.scaling;
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        if (params.scaling != "row" && params.scaling != "tensor")
            return fail(ErrorCode::Usage, "{} is scaled by \"row\" or by \"tensor\", not by \"{}\"",
                info().id, params.scaling);
        int group = wanted.convrotGroup.value_or(
            recipe == Recipe::Fast && params.scaling == "row" ? kPreferredGroup : 0);
        if (group != 0 && !isRotationGroup(group))
            return fail(ErrorCode::Usage,
                "ConvRot turns groups of 4, 16, 64, 256, 1024 or 4096 columns, not {}", group);
        if (group != 0 && params.scaling == "tensor")
            return fail(ErrorCode::Usage, "ConvRot needs scaling by row");
        // As convert-to-quant does: a group that does not fit is no reason to leave the layer out.
        if (group == kPreferredGroup && shape.cols % group != 0)
            group = kSmallerGroup;
        if (group != 0 && shape.cols % group != 0)
            group = 0;
        params.convrotGroup = group;
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams& params) const override
    {
        const Shape scale = params.scaling == "row" ? normalizedScale({shape.rows, 1}) : Shape{};
        return {{"weight", DType::I8, {shape.rows, shape.cols}}, {"weight_scale", DType::F32, scale}};
    }

    LayerSettings settings(
        MatrixShape, const FormatParams& params, std::string_view origDtype, Arithmetic) const override
    {
        SettingsWriter json;
        json.text("format", info().id).text("orig_dtype", origDtype);
        if (params.fullPrecisionMatrixMult)
            json.flag("full_precision_matrix_mult", true);
        if (const int group = params.convrotGroup.value_or(0); group != 0)
            json.flag("convrot", true).number("convrot_groupsize", group);
        const std::string header = json.str();
        if (params.scaling == "row")
            json.flag("per_row", true); // in the tensor only (spec 4); loaders look at the shape of the scale
        return {json.str(), header};
    }

    Result<FormatParams> paramsFromSettings(std::string_view json, MatrixShape shape) const override
    {
        auto read = readSettings(json, info().id);
        if (!read)
            return forward(std::move(read));
        FormatParams params;
        params.scaling = read->perRow || read->convrot ? "row" : "tensor";
        params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
        params.convrotGroup = read->convrot ? read->convrotGroup : 0;
        if (auto checked = checkRotation(shape, *params.convrotGroup); !checked)
            return forward(std::move(checked));
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        const bool kitchen = request.arithmetic == Arithmetic::Kitchen;
        const int group = request.params.convrotGroup.value_or(0);
        ScaledSpec spec;
        spec.shape = request.shape;
        spec.code = CodeKind::Int8;
        spec.rotation = static_cast<std::size_t>(group);
        spec.precision = kitchen ? kitchenPrecision(request.source) : kernels::Precision::F32;
        if (request.params.scaling == "tensor") {
            spec.grid = ScaleGrid::Tensor;
            spec.rule = kitchen ? ScaleRule::Int8Divide : ScaleRule::Int8TensorMultiply;
            spec.onesIfAllZero = !kitchen;
            spec.searchScale = request.recipe == Recipe::Fast && request.arithmetic == Arithmetic::Default;
            return makeScaledEncoder(spec);
        }
        spec.grid = ScaleGrid::Row;
        const bool primary = group != 0 && request.arithmetic != Arithmetic::CtqCustom;
        spec.rule = kitchen || primary ? ScaleRule::Int8Divide : ScaleRule::Int8RowMultiply;
        spec.onesIfAllZero = spec.rule == ScaleRule::Int8RowMultiply;
        return makeScaledEncoder(spec);
    }

    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const override
    {
        return scaledGrid(
            {shape, CodeKind::Int8, params.scaling == "row" ? ScaleGrid::Row : ScaleGrid::Tensor, 1,
                static_cast<std::size_t>(params.convrotGroup.value_or(0))});
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        if (auto checked = checkStored(stored, 0, "weight", {DType::I8}, {{shape.rows, shape.cols}});
            !checked)
            return forward(std::move(checked));
        // A scale [M] would be stretched along the columns by the loader: [M, 1] it must be.
        if (auto checked
            = checkStored(stored, 1, "weight_scale", {DType::F32}, {{shape.rows, 1}, {}, {1}, {1, 1}});
            !checked)
            return forward(std::move(checked));
        if (auto checked = checkRotation(shape, params.convrotGroup.value_or(0)); !checked)
            return forward(std::move(checked));
        // The file's scale tells how it is scaled: the header table does not (spec 4).
        const bool perRow = elementCount(stored[1].shape) != 1;
        return makeScaledDecoder({shape, CodeKind::Int8, perRow ? ScaleGrid::Row : ScaleGrid::Tensor, 1,
                                     static_cast<std::size_t>(params.convrotGroup.value_or(0))},
            std::move(reader));
    }

private:
    static Status checkRotation(MatrixShape shape, std::int64_t group)
    {
        if (group == 0)
            return {};
        if (!isRotationGroup(group) || shape.cols % group != 0)
            return fail(ErrorCode::InvalidInput,
                "the ConvRot group {} is not a power of 4 that divides the {} columns", group, shape.cols);
        return {};
    }
};

} // namespace

const StorageFormat& int8TensorwiseFormat()
{
    static const Int8Tensorwise kFormat({
        .id = "int8_tensorwise",
        .name = "INT8",
        .badge = "I8",
        .summary
        = "8-bit integers, one scale per row, rotated where possible: best quality at 8 bits, fast from "
          "RTX 20 on.",
        .loader = LoaderSupport::Stock,
        .loaderNote = "ComfyUI 0.29 or newer",
        .bitsPerWeight = 8,
        .computeCapability = 75,
        .scalings = {"row", "tensor"},
        .blockSizes = {},
        .rotates = true,
        .embeddings = true,
    });
    return kFormat;
}

} // namespace mantissa::formats
