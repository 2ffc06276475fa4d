// SPDX-License-Identifier: GPL-3.0-or-later
// Values of options that several verbs read in the same way.
#pragma once

#include "engine/base/byte_size.h"
#include "engine/base/error.h"
#include "engine/base/pixel_size.h"
#include "engine/torch/generation.h"

#include <CLI/App.hpp>
#include <string>

namespace mantissa::cli {

/// Where and in which numbers networks run: --device, --compute-dtype and --threads.
void declareMachine(CLI::App& app, GeneratorOptions& options);

} // namespace mantissa::cli
