// SPDX-License-Identifier: GPL-3.0-or-later
// Wildcards over key names: `*` stands for any text. Key lists use them, where a regular expression would
// only need escaping.
#pragma once

#include <string_view>

namespace mantissa::arch {

bool matchesGlob(std::string_view glob, std::string_view text) noexcept;

} // namespace mantissa::arch
