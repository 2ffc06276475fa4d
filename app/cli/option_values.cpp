// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/option_values.h"

#include <CLI/CLI.hpp>

namespace mantissa::cli {

void declareMachine(CLI::App& app, GeneratorOptions& options)
{
    app.add_option("--device", options.device, "cpu, cuda or cuda:N (default cpu)")->group("Machine");
    app.add_option("--compute-dtype", options.computeType, "auto, fp32, bf16 or fp16")
        ->check(CLI::IsMember({"auto", "fp32", "bf16", "fp16"}))
        ->group("Machine");
    app.add_option("--threads", options.threads,
           "Threads (default: all cores; one for networks below 10 million parameters)")
        ->group("Machine");
}

} // namespace mantissa::cli
