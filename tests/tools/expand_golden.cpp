// SPDX-License-Identifier: GPL-3.0-or-later
// expand_golden FIXTURE.safetensors OUT.safetensors
//
// Writes the whole checkpoint of a golden inference fixture.
#include "tests/tools/golden_fixture.h"

#include <cstdio>

using namespace mantissa;

int main(int argc, char** argv)
{
    const Status status = argc == 3 ? tools::expandGolden(argv[1], argv[2])
                                    : Status(fail(ErrorCode::Usage, "expand_golden FIXTURE OUT.safetensors"));
    if (status)
        return 0;
    std::fprintf(stderr, "expand_golden: error: %s\n", status.error().message.c_str());
    return static_cast<int>(status.error().code);
}
