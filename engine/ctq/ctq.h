// SPDX-License-Identifier: GPL-3.0-or-later
// `mantissa ctq`: the command line of the Python tool convert-to-quant 1.3.4, argument for argument. It
// writes what that tool writes, tensor by tensor, without provenance of ours; where the original is wrong, it
// does right and says so.
#pragma once

#include "engine/base/job.h"
#include "engine/export/assembly.h"

#include <filesystem>
#include <string>
#include <vector>

namespace mantissa {

struct CtqOutcome {
    std::string text; ///< for standard output: help, an analysis, a summary, or one JSON document with --json
    std::vector<std::string> notes; ///< for standard error, one sentence each
    std::filesystem::path written; ///< empty if nothing was written
    WriteReport report; ///< of the writer; empty for help, analyses and templates
};

/// Runs one command line (without the program's name). Relative paths are taken from `workingFolder`, if it
/// is not empty. An existing output is replaced, as the Python tool does; the input never is. Needs no
/// libtorch. Usage: argparse would refuse; Unsupported: understood, but a later version's; otherwise as the
/// readers and the writer.
Result<CtqOutcome> runCtq(
    const std::vector<std::string>& args, const std::filesystem::path& workingFolder, const JobContext& job);

/// Whether the command line asks for JSON or for silence, also where it is not valid: for what prints the
/// outcome.
bool ctqWantsJson(const std::vector<std::string>& args);
bool ctqWantsQuiet(const std::vector<std::string>& args);

} // namespace mantissa
