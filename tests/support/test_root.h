// SPDX-License-Identifier: GPL-3.0-or-later
// The place tests run in. Not thread-safe: called once, at the top of main().
#pragma once

namespace mantissa::test {

/// Makes the root of the source tree the current folder, which MANTISSA_TEST_DATA, MANTISSA_RESOURCES and
/// MANTISSA_BIN_DIR are relative to. Throws std::filesystem::filesystem_error if the sources have moved.
void enterSourceRoot();

} // namespace mantissa::test
