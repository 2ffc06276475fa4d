// SPDX-License-Identifier: GPL-3.0-or-later
// convrot_w4a4: 4-bit integers of rotated rows with one float32 scale a row (spec/quant-formats 3.13).
#include "engine/formats/grids/grid_writers.h"

namespace mantissa::formats {

namespace {

/// Besides the rotation group, this must divide the columns (3.13).
constexpr std::int64_t kColumnUnit = 64;
constexpr int kDefaultGroup = 256, kSmallerGroup = 64;

class ConvrotW4A4 final : public FormatBase {
public:
    using FormatBase::FormatBase;

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkOneScaling(shape, wanted, "row", "row"); !checked)
            return forward(std::move(checked));
        if (wanted.convrotGroup == 0)
            return fail(ErrorCode::Usage, "{} is a rotated format: ConvRot cannot be off", info().id);
        FormatParams params;
        params.scaling = "row";
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        params.linearDtype = wanted.linearDtype.empty() ? "int4" : wanted.linearDtype;
        if (params.linearDtype != "int4" && params.linearDtype != "int8")
            return fail(ErrorCode::Usage, "{} multiplies with int4 or int8 activations, not \"{}\"",
                info().id, params.linearDtype);
        if (shape.cols % kColumnUnit != 0)
            return fail(
                ErrorCode::Unsupported, "{} must divide the {} input features", kColumnUnit, shape.cols);
        // 64 fits whatever fits at all; the larger group spreads outliers further.
        const int fitting = shape.cols % kDefaultGroup == 0 ? kDefaultGroup : kSmallerGroup;
        params.convrotGroup = wanted.convrotGroup.value_or(fitting);
        if (!isRotationGroup(*params.convrotGroup))
            return fail(ErrorCode::Usage,
                "ConvRot turns groups of 4, 16, 64, 256, 1024 or 4096 columns, not {}", *params.convrotGroup);
        if (shape.cols % *params.convrotGroup != 0)
            return fail(ErrorCode::Unsupported, "the rotation group {} must divide the {} input features",
                *params.convrotGroup, shape.cols);
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams&) const override
    {
        return {
            {"weight", DType::I8, {shape.rows, shape.cols / 2}}, {"weight_scale", DType::F32, {shape.rows}}};
    }

    LayerSettings settings(
        MatrixShape, const FormatParams& params, std::string_view, Arithmetic) const override
    {
        SettingsWriter json;
        json.text("format", info().id)
            .number("convrot_groupsize", params.convrotGroup.value_or(kDefaultGroup));
        if (params.linearDtype == "int8") // int4 is what the loader takes without the key
            json.text("linear_dtype", "int8");
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
        params.convrotGroup = read->convrotGroup;
        params.linearDtype = read->linearDtype.empty() ? "int4" : read->linearDtype;
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        ScaledSpec spec;
        spec.shape = request.shape;
        spec.code = CodeKind::Int4;
        spec.grid = ScaleGrid::Row;
        spec.rule = ScaleRule::Int4Divide;
        spec.rotation = static_cast<std::size_t>(request.params.convrotGroup.value_or(kDefaultGroup));
        // The plain recipe is comfy-kitchen's packer, which rotates in the dtype of the input. The search is
        // ours, and rotates in float32.
        spec.searchScale = request.recipe == Recipe::Fast && request.arithmetic == Arithmetic::Default;
        if (!spec.searchScale)
            spec.precision = kitchenPrecision(request.source);
        return makeScaledEncoder(spec);
    }

    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const override
    {
        return scaledGrid({shape, CodeKind::Int4, ScaleGrid::Row, 1,
            static_cast<std::size_t>(params.convrotGroup.value_or(kDefaultGroup))});
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        const std::int64_t group = params.convrotGroup.value_or(kDefaultGroup);
        if (!isRotationGroup(group) || shape.cols % group != 0 || shape.cols % kColumnUnit != 0)
            return fail(ErrorCode::InvalidInput,
                "the rotation group {} (a power of 4) and {} must divide the {} input features", group,
                kColumnUnit, shape.cols);
        if (auto checked = checkStored(stored, 0, "weight", {DType::I8}, {{shape.rows, shape.cols / 2}});
            !checked)
            return forward(std::move(checked));
        if (auto checked = checkStored(stored, 1, "weight_scale", {DType::F32}, {{shape.rows}}); !checked)
            return forward(std::move(checked));
        return makeScaledDecoder(
            {shape, CodeKind::Int4, ScaleGrid::Row, 1, static_cast<std::size_t>(group)}, std::move(reader));
    }
};

} // namespace

const StorageFormat& convrotW4A4Format()
{
    static const ConvrotW4A4 kFormat({
        .id = "convrot_w4a4",
        .name = "INT4 ConvRot",
        .badge = "I4",
        .summary
        = "Rotated 4-bit integers with 4-bit (or 8-bit) activations: a quarter of the size from RTX 20 on.",
        .loader = LoaderSupport::Stock,
        .loaderNote = "ComfyUI 0.29 or newer",
        .bitsPerWeight = 4,
        .computeCapability = 75,
        .scalings = {},
        .blockSizes = {},
        .rotates = true,
        .embeddings = false,
    });
    return kFormat;
}

} // namespace mantissa::formats
