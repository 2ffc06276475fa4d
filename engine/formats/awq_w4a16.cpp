// SPDX-License-Identifier: GPL-3.0-or-later
// awq_w4a16 and int4: 4-bit codes with a scale and an offset for every 64 columns (spec/quant-formats 3.15).
//
// int4 is the format for weights alone that spec/algorithms 4.1 measures as "INT4 g64 W4A16". The spec of the
// formats has no layout of its own for it; its grid (16 codes between the least and the greatest weight of a
// group) is that of awq_w4a16, and so it is stored as such a layer, which a loader reads. A file says
// "awq_w4a16" in both cases, and is recognised as that.
#include "engine/formats/group_codes.h"

#include <algorithm>

namespace mantissa::formats {

namespace {

constexpr std::string_view kStoredId = "awq_w4a16";
constexpr int kDefaultGroup = 64; ///< also the loader's

class AwqFormat final : public FormatBase {
public:
    using FormatBase::FormatBase;

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe) const override
    {
        if (auto checked = checkOneScaling(shape, wanted, "block", "group of columns"); !checked)
            return forward(std::move(checked));
        FormatParams params;
        params.scaling = "block";
        params.blockSize = wanted.blockSize == 0 ? kDefaultGroup : wanted.blockSize;
        params.fullPrecisionMatrixMult = wanted.fullPrecisionMatrixMult;
        if (std::find(info().blockSizes.begin(), info().blockSizes.end(), params.blockSize)
            == info().blockSizes.end())
            return fail(ErrorCode::Usage, "{} takes groups of {} columns, not {}", info().id,
                fmt::join(info().blockSizes, ", "), params.blockSize);
        if (shape.cols % params.blockSize != 0)
            return fail(ErrorCode::Unsupported, "the group size {} must divide the {} input features",
                params.blockSize, shape.cols);
        return params;
    }

    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams& params) const override
    {
        return groupLayout(spec(shape, params));
    }

    LayerSettings settings(
        MatrixShape, const FormatParams& params, std::string_view, Arithmetic) const override
    {
        SettingsWriter json;
        json.text("format", kStoredId).number("group_size", groupOf(params));
        if (params.fullPrecisionMatrixMult)
            json.flag("full_precision_matrix_mult", true);
        return {json.str(), json.str()};
    }

    Result<FormatParams> paramsFromSettings(std::string_view json, MatrixShape) const override
    {
        auto read = readSettings(json, kStoredId);
        if (!read)
            return forward(std::move(read));
        FormatParams params;
        params.scaling = "block";
        params.blockSize = read->groupSize == 0 ? kDefaultGroup : read->groupSize;
        params.fullPrecisionMatrixMult = read->fullPrecisionMatrixMult;
        return params;
    }

    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override
    {
        GroupSpec group = spec(request.shape, request.params);
        group.searchScale = request.recipe == Recipe::Fast && request.arithmetic == Arithmetic::Default;
        return makeGroupEncoder(group);
    }

    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const override
    {
        return groupGrid(spec(shape, params));
    }

    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override
    {
        const GroupSpec group = spec(shape, params);
        if (auto checked = checkGroupTensors(group, stored); !checked)
            return forward(std::move(checked));
        return makeGroupDecoder(group, stored, std::move(reader));
    }

private:
    static int groupOf(const FormatParams& params)
    {
        return params.blockSize == 0 ? kDefaultGroup : params.blockSize;
    }
    static GroupSpec spec(MatrixShape shape, const FormatParams& params)
    {
        return {shape, groupOf(params), /*asymmetric=*/true, /*searchScale=*/false};
    }
};

} // namespace

const StorageFormat& awqW4A16Format()
{
    static const AwqFormat kFormat({
        .id = "awq_w4a16",
        .name = "INT4 AWQ",
        .badge = "A4",
        .summary = "4-bit integers with a scale and an offset for every 64 columns, multiplied in 16 bits: "
                   "for modulation layers.",
        .loader = LoaderSupport::Stock,
        .loaderNote = "ComfyUI after 0.33 (read, not run; 0.29 refuses the file)",
        .bitsPerWeight = 4.5,
        .computeCapability = 0,
        .scalings = {},
        .blockSizes = {kDefaultGroup, 32, 128},
        .rotates = false,
        .embeddings = false,
    });
    return kFormat;
}

const StorageFormat& int4Format()
{
    static const AwqFormat kFormat({
        .id = "int4",
        .name = "INT4",
        .badge = "W4",
        .summary = "4-bit integers for weights alone, a scale and an offset for every 64 columns.",
        .loader = LoaderSupport::Stock,
        .loaderNote = "stored as awq_w4a16: ComfyUI after 0.33 (read, not run)",
        .bitsPerWeight = 4.5,
        .computeCapability = 0,
        .scalings = {},
        .blockSizes = {kDefaultGroup, 32, 128},
        .rotates = false,
        .embeddings = false,
    });
    return kFormat;
}

} // namespace mantissa::formats
