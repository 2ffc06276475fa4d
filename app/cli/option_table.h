// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs and options of the program as plain data, read out of its parser. The man page, the shell
// completions and docs/CLI.md are printed from it, so they cannot disagree with what the program accepts. Any
// thread.
#pragma once

#include <string>
#include <vector>

namespace mantissa::cli {

struct OptionRow {
    std::vector<std::string> longNames; ///< "format", without the dashes; the first is the usual one
    std::vector<std::string> shortNames; ///< "f"
    std::string positional; ///< "FILE"; empty for an option
    std::string summary;
    std::string group; ///< heading in the help
    std::vector<std::string> values; ///< all that it accepts, where that is a list
    bool takesValue = false;
    bool required = false;
};

struct VerbRow {
    std::string name; ///< empty: the program itself
    std::string summary;
    std::string details;
    std::vector<OptionRow> options;
};

struct OptionTable {
    VerbRow program;
    std::vector<VerbRow> verbs; ///< those that the help lists
};

/// Of this program.
OptionTable optionTable();

} // namespace mantissa::cli
