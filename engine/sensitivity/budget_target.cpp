// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/budget_target.h"

#include "engine/base/byte_size.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
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
    std::string lower;
    for (const char c : text)
        if (std::isspace(static_cast<unsigned char>(c)) == 0)
            lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    BudgetTarget target;
    if (readNumber(lower, "%error", 100, target.value)) {
        target.unit = BudgetTarget::Unit::Error;
        return target;
    }
    if (double decibels = 0; readNumber(lower, "db", 200, decibels)) {
        target.unit = BudgetTarget::Unit::Error;
        target.value = 100 * std::pow(10.0, -decibels / 20);
        return target;
    }
    if (lower.ends_with("gpu") || lower.ends_with("vram")) {
        std::string size = lower.substr(0, lower.size() - (lower.ends_with("gpu") ? 3 : 4));
        if (size.ends_with("gb"))
            size.replace(size.size() - 2, 2, "gib"); // a GPU sold with 8 GB has 8 GiB
        const auto memory = parseSize(size);
        if (memory && *memory > 0) {
            target.unit = BudgetTarget::Unit::GpuMemory;
            target.value = static_cast<double>(*memory);
            return target;
        }
    }
    if (readNumber(lower, "bpw", 64, target.value)) {
        target.unit = BudgetTarget::Unit::BitsPerWeight;
        return target;
    }
    if (readNumber(lower, "%", 100, target.value)) {
        target.unit = BudgetTarget::Unit::Percent;
        return target;
    }
    const auto bytes = parseSize(lower);
    if (!bytes || *bytes == 0)
        return tl::unexpected(Error{ErrorCode::Usage, sentence("\"{}\" is not a budget", text), {},
            "a size of the file (6GB, 850MiB), a share of the original (60%), bits a weight (4.5bpw), the "
            "memory "
            "of a GPU (\"8GB GPU\"), or an error (\"0.5% error\", 40dB)"});
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
    case BudgetTarget::Unit::Error:
        return fmt::format("at most {:g} % error", target.value);
    case BudgetTarget::Unit::GpuMemory:
        return fmt::format("a GPU of {:.1f} GiB", target.value / (1024.0 * 1024 * 1024));
    case BudgetTarget::Unit::Bytes:
        break;
    }
    return target.value < 1e9 ? fmt::format("{:.2f} MB", target.value / 1e6)
                              : fmt::format("{:.2f} GB", target.value / 1e9);
}

} // namespace mantissa
