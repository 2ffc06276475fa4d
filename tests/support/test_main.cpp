// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_root.h"
#include "tests/support/test_session.h"

int main(int argc, char** argv)
{
    mantissa::test::enterSourceRoot();
    return mantissa::test::runTests(argc, argv);
}
