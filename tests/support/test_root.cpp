// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_root.h"

#include <filesystem>

namespace mantissa::test {

void enterSourceRoot()
{
    std::filesystem::current_path(MANTISSA_SOURCE_ROOT);
}

} // namespace mantissa::test
