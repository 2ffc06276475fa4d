// SPDX-License-Identifier: GPL-3.0-or-later
// The list of formats: command line, window, documentation and conformance tests are made from it.
#include "engine/formats/format_support.h"
#include "engine/io/tensor_source.h"

#include <algorithm>
#include <array>

namespace mantissa {

std::span<const StorageFormat* const> storageFormats()
{
    // In the order in which they are offered: stock loaders first, wide before narrow.
    static const std::array<const StorageFormat*, 17> kFormats{
        &formats::float8E4M3Format(),
        &formats::float8E5M2Format(),
        &formats::int8TensorwiseFormat(),
        &formats::mxfp8Format(),
        &formats::nvfp4Format(),
        &formats::convrotW4A4Format(),
        &formats::asymW4A8Format(),
        &formats::awqW4A16Format(),
        &formats::int4Format(),
        &formats::nf4Format(),
        &formats::fp4Format(),
        &formats::float8RowwiseFormat(),
        &formats::float8BlockwiseFormat(),
        &formats::int8BlockwiseFormat(),
        &formats::hybridMxfp8Format(),
        &formats::svdquantW4A4Format(),
        &formats::svdquantNvfp4Format(),
    };
    return kFormats;
}

const StorageFormat* findFormat(std::string_view id)
{
    const auto all = storageFormats();
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const auto* format) { return format->info().id == id; });
    return found == all.end() ? nullptr : *found;
}

std::string_view nameOf(LoaderSupport support) noexcept
{
    switch (support) {
    case LoaderSupport::Stock:
        return "stock";
    case LoaderSupport::CustomNode:
        return "custom-node";
    case LoaderSupport::None:
        break;
    }
    return "none";
}

namespace {

std::string storedTensors(const StorageFormat& format)
{
    // A shape that every format takes; only names and dtypes are shown.
    constexpr MatrixShape kExample{256, 256};
    const auto params = format.resolve(kExample, {}, Recipe::Absmax);
    std::string text;
    if (params)
        for (const StoredTensor& tensor : format.layout(kExample, *params))
            text += fmt::format("{}`{}` {}", text.empty() ? "" : ", ", tensor.suffix, nameOf(tensor.dtype));
    return text;
}

std::string choices(const FormatInfo& info)
{
    std::vector<std::string> parts;
    if (!info.scalings.empty())
        parts.push_back(fmt::format("scaling {}", fmt::join(info.scalings, ", ")));
    if (!info.blockSizes.empty())
        parts.push_back(fmt::format("block {}", fmt::join(info.blockSizes, ", ")));
    if (!info.bitWidths.empty())
        parts.push_back(fmt::format("bits {}", fmt::join(info.bitWidths, ", ")));
    if (!info.ranks.empty())
        parts.push_back(fmt::format("rank {}", fmt::join(info.ranks, ", ")));
    if (info.rotates)
        parts.emplace_back("ConvRot");
    return parts.empty() ? "–" : fmt::format("{}", fmt::join(parts, "; "));
}

} // namespace

std::string readOnlyFormats(bool readable)
{
    std::vector<std::string_view> names;
    for (const ContainerEncoding* encoding : containerEncodings())
        if (encoding->readable == readable)
            names.push_back(encoding->name);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string formatTableMarkdown()
{
    std::string table
        = "| format | name | bits per weight | stored tensors | choices | loader | fast from |\n"
          "|---|---|---|---|---|---|---|\n";
    for (const StorageFormat* const format : storageFormats()) {
        const FormatInfo& info = format->info();
        const std::string fast = info.computeCapability == 0
            ? "any"
            : fmt::format("SM {}.{}", info.computeCapability / 10, info.computeCapability % 10);
        table += fmt::format("| `{}` | {} | {} | {} | {} | {}: {} | {} |\n", info.id, info.name,
            info.bitsPerWeight, storedTensors(*format), choices(info), nameOf(info.loader), info.loaderNote,
            fast);
    }
    table += fmt::format(
        "\nRead, not written: {}. Files that hold them are quantized again or become ordinary files with "
        "`mantissa convert`; layers that stay as they are become bfloat16, or float16 with `--output-dtype "
        "float16`. Shown, not decoded: {}. Mantissa writes no GGUF files.\n",
        readOnlyFormats(true), readOnlyFormats(false));
    return table;
}

} // namespace mantissa
