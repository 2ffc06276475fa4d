// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/pair_measurement.h"

#include "engine/compare/colour_map.h"
#include "engine/image/png.h"

#include <cctype>

namespace mantissa {

namespace {

/// The maps that are worth a file: what the eye sees, and where structure broke. The absolute difference is
/// the pictures' own, and the report shows it live.
constexpr std::string_view kWrittenMaps[] = {"flip", "ssim"};

bool isWritten(const MetricInfo& info)
{
    for (const std::string_view id : kWrittenMaps)
        if (id == info.id)
            return true;
    return false;
}

std::vector<std::optional<double>> valuesOf(const std::vector<Measurement>& measured)
{
    std::vector<std::optional<double>> values;
    values.reserve(measured.size());
    for (const Measurement& measurement : measured)
        values.push_back(measurement.value);
    return values;
}

} // namespace

std::string pathName(const std::string& name)
{
    std::string result;
    for (const char c : name)
        result
            += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ? c : '_';
    // Neither hidden nor a way out of the folder.
    if (result.empty() || result.front() == '.')
        result.insert(result.begin(), '_');
    return result;
}

Status measurePair(ComparedPair& pair, const Picture& reference, const Picture& test,
    const std::filesystem::path& maps, const std::string& variant)
{
    auto measured = measurePictures(reference, test, !maps.empty());
    if (!measured)
        return forward(std::move(measured));
    pair.width = reference.width;
    pair.height = reference.height;
    pair.values = valuesOf(*measured);
    if (maps.empty())
        return {};
    const auto folder = maps / pathName(variant);
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    for (std::size_t i = 0; i < measured->size(); ++i) {
        const MetricInfo& info = pictureMetrics()[i]->info();
        if ((*measured)[i].map.empty() || !isWritten(info))
            continue;
        const auto path = folder / fmt::format("{}-{}.png", pathName(pair.name), info.id);
        if (Status written = writePng(path, colourMapped((*measured)[i].map), {}, true); !written)
            return written;
        pair.maps.emplace_back(info.id, path);
    }
    return {};
}

Status EqualPairs::measure(ComparedPair& pair, const Picture& picture)
{
    pair.width = picture.width;
    pair.height = picture.height;
    auto& values = m_values[{picture.width, picture.height}];
    if (values.empty()) {
        const auto measured = measurePictures(picture, picture, false);
        if (!measured)
            return tl::unexpected(measured.error());
        values = valuesOf(*measured);
    }
    pair.values = values;
    return {};
}

void fillInMeans(ComparedVariant& variant)
{
    variant.mean.clear();
    for (std::size_t i = 0; i < pictureMetrics().size(); ++i) {
        std::vector<std::optional<double>> values;
        for (const ComparedPair& pair : variant.pairs)
            values.push_back(pair.values.at(i));
        variant.mean.push_back(meanOf(values));
    }
}

} // namespace mantissa
