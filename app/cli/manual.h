// SPDX-License-Identifier: GPL-3.0-or-later
// The manual in its forms, printed from the option table. Pure functions.
#pragma once

#include "app/cli/option_table.h"

#include <string>
#include <string_view>

namespace mantissa::cli {

/// The page for man(1), in troff with the man macros.
std::string manPage(const OptionTable& table, std::string_view version);
/// docs/CLI.md.
std::string markdownManual(const OptionTable& table);

std::string bashCompletion(const OptionTable& table);
std::string zshCompletion(const OptionTable& table);
std::string fishCompletion(const OptionTable& table);

} // namespace mantissa::cli
