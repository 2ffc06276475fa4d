// SPDX-License-Identifier: GPL-3.0-or-later
// What this build is, for --version and bug reports. Generated at build time into one small file of its own
// (cmake/BuildInfo.cmake), so that a commit recompiles that file and nothing else. Any thread.
#pragma once

namespace mantissa {

const char* buildVersion() noexcept; ///< "0.1.0", the project's version in the root CMakeLists.txt
/// The source commit, 12 hex digits, "-dirty" appended where tracked files differ from it;
/// "unknown" where the sources are not a git checkout.
const char* buildCommit() noexcept;
const char* buildType() noexcept; ///< "Release", "Debug", …
const char* buildCompiler() noexcept; ///< "GNU 12.2.0"

} // namespace mantissa
