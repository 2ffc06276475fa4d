// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/format_support.h"
#include "engine/base/json.h"

#include <algorithm>
#include <array>
#include <limits>

namespace mantissa::formats {

namespace {

using nlohmann::json;

/// A group or block size worth believing: larger than any dimension of a real layer is a broken file.
constexpr std::int64_t kLargestGroup = 1 << 24;

std::string pythonString(std::string_view text)
{
    return json(text).dump(-1, ' ', /*ensure_ascii=*/true, json::error_handler_t::replace);
}

bool truthy(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

/// Keys that loaders look for in the object itself and then under "params" (spec 2).
const json* findSetting(const json& object, const char* key)
{
    if (const auto found = object.find(key); found != object.end())
        return &*found;
    if (const auto params = object.find("params"); params != object.end() && params->is_object())
        if (const auto found = params->find(key); found != params->end())
            return &*found;
    return nullptr;
}

Result<int> readGroup(const json& object, const char* key, int fallback)
{
    const json* const value = findSetting(object, key);
    if (value == nullptr || value->is_null())
        return fallback;
    if (!value->is_number_integer() || value->get<std::int64_t>() <= 0
        || value->get<std::int64_t>() > kLargestGroup)
        return fail(ErrorCode::InvalidInput, "the layer's settings give {} as {}", key,
            value->dump(-1, ' ', true, json::error_handler_t::replace));
    return static_cast<int>(value->get<std::int64_t>());
}

} // namespace

Shape normalizedScale(const Shape& shape)
{
    return elementCount(shape) == 1 ? Shape{} : shape;
}

kernels::Precision kitchenPrecision(DType source)
{
    if (source == DType::BF16)
        return kernels::Precision::BF16;
    return source == DType::F16 ? kernels::Precision::F16 : kernels::Precision::F32;
}

float roundTo(kernels::Precision precision, float value)
{
    float result = 0;
    kernels::activeKernels().roundTo(precision, &value, 1, &result);
    return result;
}

float finite(float statistic)
{
    return std::min(statistic, std::numeric_limits<float>::max());
}

Status checkMatrix(MatrixShape shape)
{
    if (shape.rows <= 0 || shape.cols <= 0)
        return fail(ErrorCode::Unsupported, "the matrix [{}, {}] is empty", shape.rows, shape.cols);
    const auto count = elementCount({shape.rows, shape.cols});
    constexpr std::int64_t kLargest = std::int64_t{1}
        << 56; // keeps all sizes below 63 bits, paddings included
    if (!count || *count > kLargest)
        return fail(ErrorCode::Unsupported, "the matrix [{}, {}] is too large", shape.rows, shape.cols);
    return {};
}

SettingsWriter& SettingsWriter::member(std::string_view key, std::string_view value)
{
    if (!m_members.empty())
        m_members += ", ";
    m_members += fmt::format("{}: {}", pythonString(key), value);
    return *this;
}

SettingsWriter& SettingsWriter::text(std::string_view key, std::string_view value)
{
    return member(key, pythonString(value));
}

SettingsWriter& SettingsWriter::number(std::string_view key, std::int64_t value)
{
    return member(key, std::to_string(value));
}

SettingsWriter& SettingsWriter::flag(std::string_view key, bool value)
{
    return member(key, value ? "true" : "false");
}

SettingsWriter& SettingsWriter::shape(std::string_view key, MatrixShape value)
{
    return member(key, fmt::format("[{}, {}]", value.rows, value.cols));
}

SettingsWriter& SettingsWriter::raw(std::string_view key, std::string_view value)
{
    return member(key, value);
}

Result<ReadSettings> readSettings(std::string_view text, std::string_view formatId)
{
    const json object = parseJson(text);
    if (!object.is_object())
        return fail(ErrorCode::InvalidInput, "the layer's settings are not a JSON object");
    ReadSettings settings;
    const auto format = object.find("format");
    if (format == object.end() || !format->is_string())
        return fail(ErrorCode::InvalidInput, "the layer's settings name no format");
    settings.format = format->get<std::string>();
    if (settings.format != formatId)
        return fail(ErrorCode::InvalidInput, "the layer's settings name the format {}, not {}",
            pythonString(settings.format), formatId);
    settings.fullPrecisionMatrixMult = truthy(object, "full_precision_matrix_mult");
    settings.perRow = truthy(object, "per_row");
    if (const json* const convrot = findSetting(object, "convrot"))
        settings.convrot = convrot->is_boolean() && convrot->get<bool>();
    if (const json* const linear = findSetting(object, "linear_dtype"); linear && linear->is_string())
        settings.linearDtype = linear->get<std::string>();
    auto convrotGroup = readGroup(object, "convrot_groupsize", settings.convrotGroup);
    if (!convrotGroup)
        return forward(std::move(convrotGroup));
    settings.convrotGroup = *convrotGroup;
    auto groupSize = readGroup(object, "group_size", 0);
    if (!groupSize)
        return forward(std::move(groupSize));
    settings.groupSize = *groupSize;
    auto bits = readGroup(object, "bits", 0);
    auto rank = readGroup(object, "rank", 0);
    if (!bits)
        return forward(std::move(bits));
    if (!rank)
        return forward(std::move(rank));
    settings.bits = *bits;
    settings.rank = *rank;
    return settings;
}

LayerSettings blockSettings(std::string_view formatId, MatrixShape shape, const FormatParams& params,
    std::string_view origDtype, Arithmetic style)
{
    SettingsWriter tensor, header;
    if (style == Arithmetic::CtqCustom) {
        tensor.text("format", formatId).text("orig_dtype", origDtype);
        header.text("format", formatId).text("orig_dtype", origDtype).number("group_size", params.blockSize);
    } else {
        tensor.text("format", formatId).number("group_size", params.blockSize);
        tensor.text("orig_dtype", origDtype).shape("orig_shape", shape);
        header = tensor;
    }
    if (params.fullPrecisionMatrixMult) {
        tensor.flag("full_precision_matrix_mult", true);
        header.flag("full_precision_matrix_mult", true);
    }
    return {tensor.str(), header.str()};
}

std::string shapeText(const Shape& shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

Status checkStored(std::span<const StoredTensor> stored, std::size_t index, std::string_view suffix,
    std::initializer_list<DType> dtypes, std::initializer_list<Shape> shapes)
{
    if (index >= stored.size() || stored[index].suffix.empty())
        return fail(ErrorCode::InvalidInput, "the tensor {} is missing", suffix);
    const StoredTensor& tensor = stored[index];
    if (std::find(dtypes.begin(), dtypes.end(), tensor.dtype) == dtypes.end())
        return fail(ErrorCode::InvalidInput, "{} is stored as {}, but must be {}", suffix,
            nameOf(tensor.dtype), nameOf(*dtypes.begin()));
    if (std::find(shapes.begin(), shapes.end(), tensor.shape) == shapes.end()) {
        std::vector<std::string> wanted;
        for (const Shape& shape : shapes)
            wanted.push_back(shapeText(shape));
        return fail(ErrorCode::InvalidInput, "{} has the shape {}, but must have {}", suffix,
            shapeText(tensor.shape), fmt::join(wanted, " or "));
    }
    return {};
}

Status readFloats(
    const StoredReader& reader, std::size_t tensor, std::uint64_t firstElement, std::span<float> dst)
{
    return reader(tensor, firstElement * sizeof(float), std::as_writable_bytes(dst));
}

void addFloats(
    EncodedPieces& out, std::size_t tensor, std::uint64_t firstElement, std::span<const float> values)
{
    const auto bytes = std::as_bytes(values);
    const auto piece = out.add(tensor, firstElement * sizeof(float), bytes.size());
    std::copy(bytes.begin(), bytes.end(), piece.begin());
}

Status readSmallFloats(const StoredReader& reader, std::size_t tensor, DType dtype,
    std::uint64_t firstElement, std::span<float> dst)
{
    if (dtype == DType::F32)
        return readFloats(reader, tensor, firstElement, dst);
    std::vector<std::byte> raw(dst.size() * 2);
    if (auto read = reader(tensor, firstElement * 2, raw); !read)
        return read;
    const auto& set = kernels::activeKernels();
    (dtype == DType::F16 ? set.floatFromF16 : set.floatFromBF16)(raw.data(), dst.size(), dst.data());
    return {};
}

void addBF16(
    EncodedPieces& out, std::size_t tensor, std::uint64_t firstElement, std::span<const float> values)
{
    const auto piece = out.add(tensor, firstElement * 2, values.size() * 2);
    kernels::activeKernels().bf16FromFloat(values.data(), values.size(), piece.data());
}

float gridError(const kernels::GridValues& grid, std::span<const float> values, float scale, float second)
{
    constexpr std::size_t kRun = 64;
    std::array<float, kRun> scales, seconds, errors{};
    scales.fill(scale);
    seconds.fill(second);
    const bool hasSecond
        = grid.kind == kernels::GridKind::Integer || grid.kind == kernels::GridKind::IntegerLevels;
    const auto& kernels = kernels::activeKernels();
    for (std::size_t i = 0; i < values.size(); i += kRun)
        kernels.addGridErrors(grid, values.data() + i, scales.data(), hasSecond ? seconds.data() : nullptr,
            1.0f, std::min(kRun, values.size() - i), errors.data());
    for (std::size_t half = kRun / 2; half > 0; half /= 2)
        for (std::size_t l = 0; l < half; ++l)
            errors[l] += errors[l + half];
    return errors[0];
}

int fittingRotation(std::int64_t cols)
{
    for (const int group : {256, 64, 16})
        if (cols % group == 0)
            return group;
    return 0;
}

Status FormatBase::checkOneScaling(
    MatrixShape shape, const FormatParams& wanted, std::string_view scaling, std::string_view place) const
{
    if (auto checked = checkMatrix(shape); !checked)
        return checked;
    if (!wanted.scaling.empty() && wanted.scaling != scaling)
        return fail(ErrorCode::Unsupported, "{} has one scale per {}, not \"{}\" scaling", info().id, place,
            wanted.scaling);
    return {};
}

} // namespace mantissa::formats
