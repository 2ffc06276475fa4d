// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "engine/torch/loader.h"
#include "kernels/dispatch.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <new>
#include <optional>

namespace {

using namespace mantissa;
using namespace mantissa::cli;

/// Underscores in option names count as dashes, as in the Python tool; values are left alone.
std::vector<std::string> normalizedArguments(int argc, char** argv)
{
    std::vector<std::string> arguments(argv + 1, argv + argc);
    bool ended = false;
    for (std::string& argument : arguments) {
        ended = ended || argument == "--";
        if (ended || !argument.starts_with("--"))
            continue;
        const auto end
            = argument.begin() + static_cast<std::ptrdiff_t>(std::min(argument.find('='), argument.size()));
        std::replace(argument.begin(), end, '_', '-');
    }
    return arguments;
}

int usageError(const Console& console, const CLI::App& app, const CLI::ParseError& error)
{
    const CLI::App* verb = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
    const std::string name = verb == &app ? "mantissa" : "mantissa " + verb->get_name();
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    while (!message.empty() && (message.back() == ' ' || message.back() == '.'))
        message.pop_back();
    return console.report({ErrorCode::Usage, message, {}, fmt::format("see '{} --help'", name)});
}

/// Runs a verb that reads its own command line; global options may stand before it. Empty if it is another
/// verb.
std::optional<int> runUnparsed(const std::vector<std::string>& arguments,
    const std::vector<std::unique_ptr<Command>>& commands, Console& console)
{
    std::size_t at = 0;
    bool json = false, quiet = false;
    for (; at < arguments.size() && arguments[at].starts_with('-'); ++at) {
        json |= arguments[at] == "--json";
        quiet |= arguments[at] == "--quiet" || arguments[at] == "-q";
    }
    for (std::size_t i = 0; at < arguments.size() && i < commands.size(); ++i) {
        if (arguments[at] != verbs()[i].name || !commands[i]->parsesItself())
            continue;
        console.json = json;
        console.quiet = quiet;
        commands[i]->arguments.assign(
            arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1, arguments.end());
        return commands[i]->run(console);
    }
    return std::nullopt;
}

int runMain(int argc, char** argv)
{
    Console console;
    std::vector<std::unique_ptr<Command>> commands;
    const auto app = makeApp(commands, console);
    if (const auto code = runUnparsed(std::vector<std::string>(argv + 1, argv + argc), commands, console))
        return *code;
    std::vector<std::string> arguments = normalizedArguments(argc, argv);
    console.json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    if (arguments.empty()) {
        std::fputs(app->help().c_str(), stdout);
        return 0;
    }
    std::reverse(arguments.begin(), arguments.end());
    try {
        app->parse(arguments);
    } catch (const CLI::CallForHelp&) {
        const auto chosen = app->get_subcommands();
        std::fputs((chosen.empty() ? app->help() : chosen.front()->help()).c_str(), stdout);
        return 0;
    } catch (const CLI::Success&) {
        return 0;
    } catch (const CLI::ParseError& error) {
        return usageError(console, *app, error);
    }
    for (std::size_t i = 0; i < commands.size(); ++i)
        if (app->get_subcommand(verbs()[i].name)->parsed())
            return commands[i]->run(console);
    return console.report({ErrorCode::Usage, "no verb was given", {}, "see 'mantissa --help'"});
}

} // namespace

int main(int argc, char** argv)
{
    // Writing past a file size limit or into a closed pipe must give an error that is reported, not a signal.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    restWaitingThreads();
    const Console console;
    if (const kernels::KernelRequest request = kernels::kernelRequest(); !request.usable) {
        std::string names;
        for (const kernels::KernelSet* set : kernels::allKernels())
            names += fmt::format("{}{}", names.empty() ? "" : ", ", set->name);
        return console.report({ErrorCode::Usage,
            fmt::format("MANTISSA_KERNELS asks for \"{}\", which this machine does not have", request.name),
            {}, "it has: " + names});
    }
    try {
        return runMain(argc, argv);
    } catch (const std::bad_alloc&) {
        return console.report({ErrorCode::System, "the machine has too little memory for this", {},
            "close other programs, or lower --memory-limit"});
    } catch (const std::exception& error) {
        return console.report({ErrorCode::Internal, fmt::format("unexpected: {}", error.what()), {},
            "this is a defect of Mantissa; please report it"});
    }
}
