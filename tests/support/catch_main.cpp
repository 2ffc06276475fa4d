// SPDX-License-Identifier: GPL-3.0-or-later
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "tests/support/test_root.h"

int main(int argc, char** argv)
{
    mantissa::test::enterSourceRoot();
    return Catch::Session().run(argc, argv);
}
