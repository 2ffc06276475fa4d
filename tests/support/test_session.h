// SPDX-License-Identifier: GPL-3.0-or-later
// Catch2's runner, compiled once for every test program. Not thread-safe: called once, from main().
#pragma once

#include <string>

namespace mantissa::test {

/// Runs the tests that the command line chooses, without those that carry the tag `without` (such as
/// "[torch]"; empty: all of them). The program's exit status.
int runTests(int argc, char** argv, const std::string& without = {});

} // namespace mantissa::test
