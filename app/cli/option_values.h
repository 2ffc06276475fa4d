// SPDX-License-Identifier: GPL-3.0-or-later
// Values of options that several verbs read in the same way.
#pragma once

#include "app/cli/options.h"
#include "engine/base/byte_size.h"
#include "engine/base/error.h"
#include "engine/base/pixel_size.h"
#include "engine/torch/generation.h"

#include <string>

namespace mantissa::cli {

/// Where and in which numbers networks run: --device, --compute-dtype and --threads.
void declareMachine(Options& options, GeneratorOptions& machine);

} // namespace mantissa::cli
