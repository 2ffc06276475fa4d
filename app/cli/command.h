// SPDX-License-Identifier: GPL-3.0-or-later
// One verb of the command line. A new verb is one file that defines a Command and one line in commands.cpp.
#pragma once

#include "app/cli/console.h"
#include "app/cli/options.h"

#include <memory>
#include <string>
#include <vector>

namespace mantissa::cli {

class Command {
public:
    virtual ~Command() = default;
    /// Declares options; their values live in the command.
    virtual void declare(Options& options) = 0;
    /// Whether the verb reads its command line itself: it is then not parsed, but put into `arguments` as it
    /// is.
    virtual bool parsesItself() const { return false; }
    /// Runs with the parsed options and gives the exit code.
    virtual int run(const Console& console) = 0;

    std::vector<std::string> arguments; ///< of a verb that parses itself
};

struct Verb {
    const char* name;
    const char* summary; ///< one line for the list of verbs
    const char* details; ///< a paragraph for the verb's own help; may be empty
    std::unique_ptr<Command> (*make)();
};

/// In the order of the help.
const std::vector<Verb>& verbs();
/// The parser with every verb declared; `commands` keeps the option values alive. Who uses it includes CLI11.
std::unique_ptr<CLI::App> makeApp(std::vector<std::unique_ptr<Command>>& commands, Console& console);

} // namespace mantissa::cli
