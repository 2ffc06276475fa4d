// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/options.h"

#include "engine/plan/ctq_filters.h"

#include <algorithm>

namespace mantissa::ctq {

namespace {

std::string_view titleOf(HelpPage page)
{
    switch (page) {
    case HelpPage::Standard:
        return "usage: mantissa ctq -i INPUT [-o OUTPUT] [options]\n\n"
               "The command line of convert-to-quant 1.3.4: FP8 with one scale a layer, unless said "
               "otherwise.\n";
    case HelpPage::Experimental:
        return "Formats and per-layer choices\n";
    case HelpPage::Filters:
        return "Filters: layers of a model family that stay as they are; several add up\n";
    case HelpPage::Advanced:
        return "Learned rounding: schedules and stops (not in this version; --simple does without)\n";
    case HelpPage::Modes:
        return "Other work than quantizing\n";
    case HelpPage::Learned:
        return "Learned rounding (not in this version; --simple does without) and random inputs\n";
    case HelpPage::Lora:
        return "LoRA of the quantization error\n";
    case HelpPage::Other:
        return "Options of a fork of the tool, and of mantissa\n";
    }
    return "";
}

constexpr std::string_view kMorePages
    = "\nMore pages: --help-experimental (-he), --help-filters (-hf), --help-modes (-hm), "
      "--help-learned (-hl),\n--help-advanced (-ha), --help-lora (-hlr), "
      "--help-other (-hx)\n";

std::string line(std::string_view names, std::string_view help)
{
    constexpr std::size_t kColumn = 44;
    if (names.size() + 2 >= kColumn)
        return fmt::format("  {}\n{:{}}{}\n", names, "", kColumn, help);
    return fmt::format("  {:{}}{}\n", names, kColumn - 2, help);
}

std::string joined(std::string_view names)
{
    std::string text;
    for (const char c : names)
        text += c == ' ' ? std::string(", ") : std::string(1, c);
    return text;
}

std::string describe(const OptionSpec& spec)
{
    std::string help(spec.help);
    if (!spec.choices.empty())
        help += fmt::format(" [{}]", joined(spec.choices));
    if (!spec.fallback.empty())
        help += fmt::format(" (default: {})", spec.fallback);
    return line(joined(spec.names), help);
}

} // namespace

std::string helpText(HelpPage page)
{
    std::string text(titleOf(page));
    text += '\n';
    for (const OptionSpec& spec : optionTable())
        if (spec.page == page)
            text += describe(spec);
    if (page == HelpPage::Filters)
        for (const CtqFilter& filter : ctqFilters())
            text += line("--" + filter.id, fmt::format("A {} model", filter.group));
    if (page == HelpPage::Standard)
        text += kMorePages;
    return text;
}

} // namespace mantissa::ctq
