// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/modes.h"

#include "engine/ctq/matrix_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mantissa::ctq {

namespace {

/// Largest byte of a tensor, read in pieces.
Result<std::uint8_t> largestByte(const TensorSource& source, std::size_t tensor)
{
    constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
    const std::uint64_t total = source.tensors()[tensor].bytes;
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min(kPiece, total)));
    std::uint8_t largest = 0;
    for (std::uint64_t at = 0; at < total; at += kPiece) {
        const auto bytes = std::span(piece).first(static_cast<std::size_t>(std::min(kPiece, total - at)));
        if (Status read = source.read(tensor, at, bytes); !read)
            return tl::unexpected(std::move(read.error()).at(source.tensors()[tensor].name));
        for (const std::byte byte : bytes)
            largest = std::max(largest, std::to_integer<std::uint8_t>(byte));
    }
    return largest;
}

/// The largest of the E8M0 block scales, 1 if all are zero (section 3.10).
Result<float> largestScale(const TensorSource& source, std::size_t tensor)
{
    Result<std::uint8_t> exponent = largestByte(source, tensor);
    if (!exponent)
        return forward(std::move(exponent));
    return *exponent == 0 ? 1.0f : std::bit_cast<float>(static_cast<std::uint32_t>(*exponent) << 23);
}

Result<float> foreignScale(const TensorSource& scales, std::size_t tensor)
{
    Result<std::vector<float>> values = readFloatTensor(scales, tensor);
    if (!values)
        return forward(std::move(values));
    if (values->empty())
        return tl::unexpected(
            Error{ErrorCode::InvalidInput, "the scale is empty", scales.tensors()[tensor].name, {}});
    return *std::max_element(values->begin(), values->end());
}

} // namespace

Result<Draft> draftHybrid(
    const std::shared_ptr<const TensorSource>& source, const std::shared_ptr<const TensorSource>& scales)
{
    Draft draft(source);
    draft.copyAll();
    std::size_t converted = 0;
    for (std::size_t i = 0; i < source->tensors().size(); ++i) {
        const std::string& name = source->tensors()[i].name;
        if (!name.ends_with(kSettingsSuffix))
            continue;
        const std::string layer = name.substr(0, name.size() - kSettingsSuffix.size());
        Result<JsonNode> settings = readSettingsTensor(*source, i);
        if (!settings)
            return forward(std::move(settings));
        const JsonNode* const format = settings->find("format");
        const std::ptrdiff_t blockScales = source->find(layer + ".weight_scale");
        if (!format || format->string != "mxfp8" || blockScales < 0)
            continue;
        const std::ptrdiff_t foreign = scales ? scales->find(layer + ".weight_scale") : -1;
        if (scales && foreign < 0)
            draft.notes.push_back(layer + ": no scale in the other file; made from the block scales");
        Result<float> scale = foreign >= 0 ? foreignScale(*scales, static_cast<std::size_t>(foreign))
                                           : largestScale(*source, static_cast<std::size_t>(blockScales));
        if (!scale)
            return forward(std::move(scale));
        draft.putScalar(layer + ".weight_scalar", *scale);
        setMember(*settings, "format", jsonText("hybrid_mxfp8"));
        draft.putSettings(name, pythonDump(*settings));
        ++converted;
    }
    if (converted == 0)
        return tl::unexpected(Error{ErrorCode::InvalidInput, "the checkpoint has no MXFP8 layer",
            source->info().path.string(), "make one with --mxfp8 first"});
    Result<JsonNode> table = readHeaderTable(*source);
    if (!table)
        return forward(std::move(table));
    for (auto& [key, value] : table->members)
        for (auto& [layer, entry] : value.members)
            if (key == "layers" && entry.kind == JsonNode::Kind::Object
                && draft.find(layer + ".weight_scalar"))
                setMember(entry, "format", jsonText("hybrid_mxfp8"));
    if (!table->members.empty())
        draft.metadata[std::string(kHeaderTableKey)] = pythonDump(*table);
    draft.notes.push_back(fmt::format("{} layers made hybrid; stock ComfyUI does not load them", converted));
    return draft;
}

} // namespace mantissa::ctq
