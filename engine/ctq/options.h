// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of convert-to-quant 1.3.4, as data, and what a parsed one says.
#pragma once

#include "engine/base/error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa::ctq {

enum class OptionKind { Switch, Text, Integer, Float, OptionalText, TextList };

/// Pages of the help: `-h`, `-he`, `-hf`, `-ha`, `-hm`, `-hl`, `-hlr`, and ours for what the Python tool
/// lacks.
enum class HelpPage { Standard, Experimental, Filters, Advanced, Modes, Learned, Lora, Other };

/// Who knows an option. Abbreviations find those of 1.3.4 first, so that none becomes ambiguous here.
enum class OptionOrigin { Ctq, InFork, Ours };

struct OptionSpec {
    std::string_view names; ///< all spellings, separated by spaces; the first is the one that messages use
    OptionKind kind = OptionKind::Switch;
    std::string_view key; ///< name in ParsedOptions
    std::string_view fallback; ///< value where the option is not given; empty: none
    std::string_view choices; ///< allowed values, separated by spaces; empty: any
    HelpPage page = HelpPage::Standard;
    OptionOrigin origin = OptionOrigin::Ctq;
    std::string_view help;
};

/// The parts of a list that is separated by spaces, as OptionSpec has them; views of `text`.
std::vector<std::string_view> words(std::string_view text);

/// Every option but the filters (one switch for each of ctqFilters()) and the help pages.
std::span<const OptionSpec> optionTable();

/// Values by key. Texts are checked against kind and choices.
struct ParsedOptions {
    std::set<std::string, std::less<>> given; ///< keys of options that were on the command line
    std::map<std::string, std::vector<std::string>, std::less<>> values;
    std::vector<std::string> filters; ///< ids, in the order of the table
    std::optional<HelpPage> help;

    bool flag(std::string_view key) const { return given.find(key) != given.end(); }
    /// Empty if not given and without a default.
    std::string text(std::string_view key) const;
    std::optional<std::int64_t> integer(std::string_view key) const;
    double number(std::string_view key) const;
};

/// Reads a command line as Python's argparse does: `--name value`, `--name=value`, unique prefixes, negative
/// numbers as values. Usage with argparse's wording of the problem.
Result<ParsedOptions> parseOptions(const std::vector<std::string>& args);

std::string helpText(HelpPage page);

} // namespace mantissa::ctq
