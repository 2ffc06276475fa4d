// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/option_values.h"

namespace mantissa::cli {

void declareMachine(Options& options, GeneratorOptions& machine)
{
    options.add("--device", machine.device, "cpu, cuda or cuda:N (default cpu)").group("Machine");
    options.add("--compute-dtype", machine.computeType, "auto, fp32, bf16 or fp16")
        .oneOf({"auto", "fp32", "bf16", "fp16"})
        .group("Machine");
    options
        .add("--threads", machine.threads,
            "Threads (default: all cores; one for networks below 10 million parameters)")
        .group("Machine");
}

} // namespace mantissa::cli
