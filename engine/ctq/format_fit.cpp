// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/format_fit.h"

#include <cassert>

namespace mantissa::ctq {

namespace {

constexpr std::int64_t kDefaultGroup = 256, kSmallerGroup = 64;

/// The group a row of so many columns is rotated in; 0: not at all (section 3.7).
std::int64_t rotationGroup(const FormatWish& wish, std::int64_t columns)
{
    const std::int64_t wanted = wish.rotationGroup;
    if (wish.rotateDynamic) {
        std::int64_t group = wanted, found = 0;
        // The smallest group on offer is the wanted one, the largest a power of 4 below the columns.
        constexpr std::int64_t kLargest = 4096;
        for (; group <= columns && group <= kLargest; group *= 4)
            if (columns % group == 0)
                found = group;
        return found;
    }
    if (columns % wanted == 0)
        return wanted;
    return wish.rotatePrimary && wanted == kDefaultGroup && columns % kSmallerGroup == 0 ? kSmallerGroup : 0;
}

bool divides(int block, MatrixShape shape)
{
    return shape.rows % block == 0 && shape.cols % block == 0;
}

std::string_view fp8Format(std::string_view scaling)
{
    return scaling == "row"  ? "float8_e4m3fn_rowwise"
        : scaling == "block" ? "float8_e4m3fn_blockwise"
                             : "float8_e4m3fn";
}

Result<FittedFormat> finish(
    std::string_view id, MatrixShape shape, const FormatParams& wanted, FittedFormat fitted)
{
    fitted.format = findFormat(id);
    assert(fitted.format);
    Result<FormatParams> params = fitted.format->resolve(shape, wanted, Recipe::Absmax);
    if (!params)
        return forward(std::move(params));
    fitted.params = std::move(*params);
    return fitted;
}

Result<FittedFormat> fitInt8(const FormatWish& wish, MatrixShape shape, FormatParams wanted)
{
    FittedFormat fitted;
    if (wish.scaling == "block") {
        if (!divides(wish.blockSize, shape))
            return tl::unexpected(Error{ErrorCode::Unsupported,
                fmt::format("INT8 blocks of {0} × {0} do not divide {1} rows and {2} columns", wish.blockSize,
                    shape.rows, shape.cols),
                {},
                "--heur leaves such layers as they are; or name another --block_size, or exclude the layer"});
        wanted.blockSize = wish.blockSize;
        return finish("int8_blockwise", shape, wanted, std::move(fitted));
    }
    wanted.scaling = wish.scaling;
    wanted.convrotGroup = 0;
    if (wish.rotate && wish.scaling == "row")
        wanted.convrotGroup = static_cast<int>(rotationGroup(wish, shape.cols));
    fitted.rotatePrimary = wish.rotatePrimary && !wish.rotateDynamic;
    return finish("int8_tensorwise", shape, wanted, std::move(fitted));
}

} // namespace

Result<FittedFormat> fitFormat(const FormatWish& wish, MatrixShape shape)
{
    FormatParams wanted;
    wanted.fullPrecisionMatrixMult = wish.fullPrecision;
    FittedFormat fitted;
    if (wish.type == "int8")
        return fitInt8(wish, shape, wanted);
    if (wish.type != "fp8")
        return finish(wish.type, shape, wanted, std::move(fitted));
    std::string_view scaling = wish.scaling;
    if (scaling == "block" && !divides(wish.blockSize, shape)) {
        fitted.note
            = fmt::format("tiles of {0} × {0} do not divide {1} × {2}, so it has a scale a row and says so "
                          "(convert-to-quant labels such a layer blockwise all the same)",
                wish.blockSize, shape.rows, shape.cols);
        scaling = "row";
    }
    if (scaling == "block")
        wanted.blockSize = wish.blockSize;
    return finish(fp8Format(scaling), shape, wanted, std::move(fitted));
}

FormatWish wishOf(const LayerSettingsEntry& entry, const FormatWish& primary, std::string& note)
{
    FormatWish wish = primary;
    wish.rotatePrimary = false;
    wish.simple |= entry.simple;
    wish.simpleOption = "--simple, or \"simple\": true in its entry of the layer config";
    wish.fullPrecision = entry.fullPrecision.value_or(primary.fullPrecision);
    wish.blockSize = entry.blockSize.value_or(primary.blockSize);
    const std::string& format = entry.format;
    if (format == "nvfp4" || format == "mxfp8" || format == "hybrid_mxfp8") {
        wish.type = format;
        note = fmt::format(
            "stored as {} (convert-to-quant writes FP8 under this label, which does not load)", format);
        return wish;
    }
    wish.type = format.starts_with("int8") ? "int8" : "fp8";
    const bool inheritsRows = format == "int8_tensorwise" && primary.scaling == "row";
    std::string named = "tensor";
    if (format.ends_with("_rowwise") || inheritsRows)
        named = "row";
    else if (format.ends_with("_blockwise") || format.ends_with("_block3d"))
        named = "block";
    const std::string said = entry.scalingMode.starts_with("block") ? "block" : entry.scalingMode;
    wish.scaling = said.empty() ? named : said;
    const bool eitherWay = format == "int8_tensorwise" && said != "block";
    if (!said.empty() && said != named && !eitherWay)
        note = fmt::format("its entry says {} but scales by {}: it is labelled after its data", format, said);
    else if (said.empty() && named != primary.scaling && wish.type == "fp8")
        note = fmt::format("scaled by {}, as {} says (convert-to-quant scales by {} under this label)", named,
            format, primary.scaling);
    return wish;
}

} // namespace mantissa::ctq
