// SPDX-License-Identifier: GPL-3.0-or-later
// XXH3-128 of texts: names for caches, fingerprints for resuming. Not for keeping secrets.
#pragma once

#include <string>
#include <string_view>

namespace mantissa {

/// 32 hex digits, as `xxhsum -H128` prints them.
std::string hashText(std::string_view text);

} // namespace mantissa
