// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/budget_target.h"

#include "engine/base/byte_size.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

namespace mantissa {

namespace {

/// The number before `unit`, where the text ends with it and the number lies in (0, largest].
bool readNumber(std::string_view text, std::string_view unit, double largest, double& value)
{
    if (!text.ends_with(unit))
        return false;
    text.remove_suffix(unit.size());
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc{} && end == text.data() + text.size() && value > 0 && value <= largest;
}

} // namespace

Result<BudgetTarget> parseBudgetTarget(const std::string& text)
{
    std::string lower = text;
    std::transform(
        lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    BudgetTarget target;
    if (readNumber(lower, "bpw", 64, target.value)) {
        target.unit = BudgetTarget::Unit::BitsPerWeight;
        return target;
    }
    if (readNumber(lower, "%", 100, target.value)) {
        target.unit = BudgetTarget::Unit::Percent;
        return target;
    }
    const auto bytes = parseSize(text);
    if (!bytes || *bytes == 0)
        return tl::unexpected(Error{ErrorCode::Usage, fmt::format("\"{}\" is not a budget", text), {},
            "a size of the file (6GB, 850MiB), a share of the original (60%), or bits a weight (4.5bpw)"});
    target.value = static_cast<double>(*bytes);
    return target;
}

std::string describe(const BudgetTarget& target)
{
    switch (target.unit) {
    case BudgetTarget::Unit::Percent:
        return fmt::format("{:g} %", target.value);
    case BudgetTarget::Unit::BitsPerWeight:
        return fmt::format("{:g} bits a weight", target.value);
    case BudgetTarget::Unit::Bytes:
        break;
    }
    return target.value < 1e9 ? fmt::format("{:.2f} MB", target.value / 1e6)
                              : fmt::format("{:.2f} GB", target.value / 1e9);
}

} // namespace mantissa
