// SPDX-License-Identifier: GPL-3.0-or-later
// JSON text in the spelling of Python's json.dumps, which the ecosystem's files carry: ", " and ": " as
// separators, non-ASCII escaped, keys in the order given.
#pragma once

#include <string>
#include <string_view>

namespace mantissa {

/// Re-spells valid JSON; gives "null" for text that is not JSON.
std::string toPythonJson(std::string_view json);
/// A string literal with quotes.
std::string pythonQuote(std::string_view text);

} // namespace mantissa
