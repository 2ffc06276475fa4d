// SPDX-License-Identifier: GPL-3.0-or-later
// Private to engine/ctq: options that are parsed and explained, but not carried out.
#pragma once

#include "engine/ctq/options.h"

namespace mantissa::ctq {

/// Unsupported, with a sentence, if an option was given that would change the result and belongs to a later
/// version.
Status refuseLaterOptions(const ParsedOptions& options);

/// One sentence for each option that was given and changes nothing.
std::vector<std::string> noteIdleOptions(const ParsedOptions& options, bool dedicated);

} // namespace mantissa::ctq
