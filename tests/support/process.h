// SPDX-License-Identifier: GPL-3.0-or-later
// Running the built programs as a person would.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace mantissa::test {

struct ProcessResult {
    int exitCode = -1; ///< 128 + signal where a signal ended it
    std::string out, err;
};

struct ProcessOptions {
    std::filesystem::path workingFolder; ///< empty: the current one
    std::vector<std::string> environment; ///< "NAME=value", added to ours
    /// Called in the child before the program starts (limits); async-signal-safe code only.
    std::function<void()> prepare;
    /// Called in the parent while the program runs, with its process id.
    std::function<void(pid_t)> whileRunning;
};

/// Runs a program and waits for it.
ProcessResult runProcess(const std::string& program, const std::vector<std::string>& arguments,
    const ProcessOptions& options = {});

/// Path of a program of this build ("mantissa").
std::string builtProgram(const std::string& name);
/// Runs the built `mantissa`.
ProcessResult runMantissa(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

/// Whole content of a file; throws where it cannot be read.
std::string readFile(const std::filesystem::path& path);
void writeFile(const std::filesystem::path& path, const std::string& content);

} // namespace mantissa::test
