// SPDX-License-Identifier: GPL-3.0-or-later
// Golden inference fixtures (tests/golden/arch): most weights are stored as the rule that makes them.
#pragma once

#include "engine/base/error.h"

#include <filesystem>

namespace mantissa::tools {

/// Writes the whole checkpoint of a fixture, as a user would have it.
Status expandGolden(const std::filesystem::path& fixture, const std::filesystem::path& out);

} // namespace mantissa::tools
