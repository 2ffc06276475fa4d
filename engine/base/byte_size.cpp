// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/byte_size.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace mantissa {

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
    std::string unit;
    for (const char c : text.substr(end))
        if (std::isspace(static_cast<unsigned char>(c)) == 0)
            unit += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto it = kUnits.find(unit);
    if (end == 0 || it == kUnits.end() || !(number >= 0) || number * it->second > 1e18)
        return fail(ErrorCode::Usage, "\"{}\" is not a size such as 512MB or 2GiB", text);
    return static_cast<std::uint64_t>(number * it->second);
}

} // namespace mantissa
