// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/option_values.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <map>

namespace mantissa::cli {

Result<std::uint64_t> parseSize(const std::string& text)
{
    static const std::map<std::string, double> kUnits{{"", 1}, {"B", 1}, {"K", 1e3}, {"KB", 1e3}, {"M", 1e6},
        {"MB", 1e6}, {"G", 1e9}, {"GB", 1e9}, {"T", 1e12}, {"TB", 1e12}, {"KIB", 1024.0}, {"MIB", 1048576.0},
        {"GIB", 1073741824.0}};
    std::size_t end = 0;
    double number = -1;
    try {
        number = std::stod(text, &end);
    } catch (const std::exception&) {
        end = 0;
    }
    std::string unit = CLI::detail::trim_copy(text.substr(end));
    std::transform(unit.begin(), unit.end(), unit.begin(), [](unsigned char c) { return std::toupper(c); });
    const auto it = kUnits.find(unit);
    if (end == 0 || it == kUnits.end() || !(number >= 0) || number * it->second > 1e18)
        return fail(ErrorCode::Usage, "\"{}\" is not a size such as 512MB or 2GiB", text);
    return static_cast<std::uint64_t>(number * it->second);
}

Result<PixelSize> parsePixelSize(const std::string& text)
{
    constexpr int kLargest = 1 << 14; ///< pixels; no model draws more
    PixelSize size;
    const char* const end = text.data() + text.size();
    auto [next, problem] = std::from_chars(text.data(), end, size.width);
    size.height = size.width;
    if (problem == std::errc{} && next != end && (*next == 'x' || *next == 'X')) {
        const auto second = std::from_chars(next + 1, end, size.height);
        next = second.ptr;
        problem = second.ec;
    }
    if (problem != std::errc{} || next != end || size.width < 1 || size.height < 1 || size.width > kLargest
        || size.height > kLargest)
        return fail(ErrorCode::Usage, "\"{}\" is not a size such as 512x768", text);
    return size;
}

} // namespace mantissa::cli
