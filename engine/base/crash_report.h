// SPDX-License-Identifier: GPL-3.0-or-later
// A text file for each crash: what a person needs to report it. Nothing is sent anywhere.
//
// The handler runs in a program that is broken: it allocates nothing, takes no lock, and lets the signal go
// on to its default, so that a core is still dumped and a parent still sees the signal.
#pragma once

#include "engine/base/error.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace mantissa {

struct CrashReportOptions {
    std::filesystem::path folder; ///< is created; reports are crash-<seconds since 1970>-<process>.txt
    std::string program, version;
    bool nameFiles = false; ///< whether names of files may be in reports
};

/// For SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT and exceptions that nobody catches. Call it on the main
/// thread, before others are; a second call replaces the options. System where the folder cannot be made.
Status installCrashReports(const CrashReportOptions& options);

/// A line that the next report will have among its last ones; names of files are cut where they are not
/// allowed. Any thread.
void noteForCrash(std::string_view line);
/// The file that is worked on; kept only where names are allowed. Any thread.
void setCrashFile(std::string_view file);

/// The text up to the first word that looks like a file or a folder, and "(file)" in its place.
std::string withoutFileNames(std::string_view text);

} // namespace mantissa
