// SPDX-License-Identifier: GPL-3.0-or-later
// arch_parity FIXTURE…: runs golden inference fixtures and prints one JSON line for each. Exit code 6 if one
// differs by more than its tolerance, else that of the first fixture that cannot be run.
#include "tests/torch/parity.h"

#include <cstdio>

int main(int argc, char** argv)
{
    using namespace mantissa;
    if (argc < 2) {
        std::fputs("arch_parity FIXTURE.safetensors…\n", stderr);
        return static_cast<int>(ErrorCode::Usage);
    }
    int exitCode = 0;
    for (int i = 1; i < argc; ++i) {
        const auto report = test::runFixture(argv[i]);
        if (!report) {
            std::fprintf(stderr, "arch_parity: error: %s: %s\n", argv[i], report.error().message.c_str());
            exitCode = exitCode ? exitCode : static_cast<int>(report.error().code);
            continue;
        }
        std::puts(test::toJsonLine(*report).c_str());
        if (!report->pass())
            exitCode = static_cast<int>(ErrorCode::CheckFailed);
    }
    return exitCode;
}
