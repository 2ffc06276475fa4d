// SPDX-License-Identifier: GPL-3.0-or-later
// resources/report/report.html with the report and its pictures in it.
#include "engine/base/resource.h"
#include "engine/compare/report_json.h"
#include "engine/io/random_access_file.h"

#include <algorithm>
#include <map>

namespace mantissa {

namespace {

namespace fs = std::filesystem;

/// Where the data goes; the template has it once.
constexpr std::string_view kPlace = "{\"data\": \"goes here\"}";

std::string base64(std::string_view bytes)
{
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= have ? kLetters[group >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

/// Pictures as data URIs, each once, as long as there is room.
class Album {
public:
    /// The key of the picture; empty where it has no room.
    Result<std::string> add(const fs::path& path)
    {
        if (const auto it = m_keys.find(path); it != m_keys.end())
            return it->second;
        const auto file = RandomAccessFile::open(path);
        if (!file)
            return tl::unexpected(file.error());
        if (m_bytes + (*file)->size() > kEmbeddedBytes)
            return std::string();
        const auto bytes = (*file)->readText(0, static_cast<std::size_t>((*file)->size()));
        if (!bytes)
            return tl::unexpected(bytes.error());
        m_bytes += bytes->size();
        std::string key = fmt::format("p{}", m_keys.size());
        m_keys[path] = key;
        m_pictures[key] = "data:image/png;base64," + base64(*bytes);
        return key;
    }
    const Json& pictures() const { return m_pictures; }

private:
    std::map<fs::path, std::string> m_keys;
    std::uint64_t m_bytes = 0;
    Json m_pictures = Json::object();
};

/// Index of a variant and of a pair in it, the most visible difference first.
std::vector<std::pair<std::size_t, std::size_t>> worstFirst(const Comparison& comparison)
{
    std::size_t flip = 0;
    while (pictureMetrics()[flip]->info().id != "flip")
        ++flip;
    std::vector<std::pair<std::size_t, std::size_t>> order;
    for (std::size_t v = 1; v < comparison.variants.size(); ++v)
        for (std::size_t p = 0; p < comparison.variants[v].pairs.size(); ++p)
            order.emplace_back(v, p);
    std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
        const auto value = [&](const auto& at) {
            return comparison.variants[at.first].pairs[at.second].values[flip].value_or(0);
        };
        return value(a) > value(b);
    });
    return order;
}

Status embedPair(const ComparedPair& pair, Json& json, Album& album)
{
    const auto reference = album.add(pair.reference), test = album.add(pair.test);
    if (!reference || !test)
        return tl::unexpected(reference ? test.error() : reference.error());
    if (reference->empty() || test->empty())
        return {};
    Json keys{{"reference", *reference}, {"picture", *test}};
    for (const auto& [id, path] : pair.maps) {
        const auto map = album.add(path);
        if (!map)
            return tl::unexpected(map.error());
        if (!map->empty())
            keys[id] = *map;
    }
    json["embedded"] = std::move(keys);
    return {};
}

} // namespace

Result<std::string> reportHtml(const Report& report, const fs::path& folder)
{
    Json document = reportDocument(report, folder);
    Album album;
    for (const auto& [v, p] : worstFirst(report.comparison))
        if (Status embedded
            = embedPair(report.comparison.variants[v].pairs[p], document["variants"][v]["pairs"][p], album);
            !embedded)
            return forward(std::move(embedded));
    document["pictures"] = album.pictures();
    std::string data = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    // Inside <script>, "</script" and "<!--" would end or change it.
    std::string safe;
    safe.reserve(data.size());
    for (const char c : data)
        safe += c == '<' ? std::string("\\u003c") : std::string(1, c);
    const std::string_view page = embeddedResource("report/report.html");
    const std::size_t place = page.find(kPlace);
    if (place == std::string_view::npos)
        return fail(ErrorCode::Internal, "the template of the report is damaged");
    return std::string(page.substr(0, place)) + safe + std::string(page.substr(place + kPlace.size()));
}

} // namespace mantissa
