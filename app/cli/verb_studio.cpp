// SPDX-License-Identifier: GPL-3.0-or-later
// studio: opens the window, a program of its own, and leaves it alone.
#include "app/cli/command.h"
#include "engine/base/json.h"

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <unistd.h>

namespace mantissa::cli {
namespace {

constexpr const char* kProgram = "mantissa-studio";

bool isSet(const char* variable)
{
    const char* const value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

/// Beside the running program where it is there, else wherever PATH has it.
std::string studioProgram()
{
    std::error_code ec;
    const auto beside = std::filesystem::read_symlink("/proc/self/exe", ec).parent_path() / kProgram;
    return ::access(beside.c_str(), X_OK) == 0 ? beside.string() : kProgram;
}

/// Starts a program in a session of its own, so that it outlives the terminal; its process id.
Result<pid_t> startDetached(const std::string& program, std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (std::string& argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawnattr_t attributes{};
    posix_spawn_file_actions_t files{};
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    // A pipe would stay open as long as the window; a terminal shows what goes wrong.
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
        if (::isatty(stream) == 0)
            ::posix_spawn_file_actions_addopen(&files, stream, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int failure = ::posix_spawnp(&child, program.c_str(), &files, &attributes, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
    if (failure == ENOENT)
        return tl::unexpected(
            Error{ErrorCode::System, fmt::format("{} is neither beside this program nor in PATH", kProgram),
                {}, "it is the window of Mantissa: install or build it too"});
    if (failure != 0)
        return tl::unexpected(Error{ErrorCode::System,
            fmt::format("{} could not be started: {}", kProgram, std::strerror(failure)), program, {}});
    return child;
}

class Studio final : public Command {
public:
    void declare(Options& options) override
    {
        options.add(
            "FILE", m_files, "Checkpoints, shard indices or diffusers folders to open, each in a window");
    }

    int run(const Console& console) override
    {
        if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY"))
            return console.report({ErrorCode::Usage,
                "there is no display for a window: neither DISPLAY nor WAYLAND_DISPLAY is set", {},
                "run it in a graphical session; the other verbs need none"});
        for (const std::string& file : m_files) {
            std::error_code ec;
            if (!std::filesystem::exists(file, ec))
                return console.report({ErrorCode::System, "there is no such file", file, {}});
        }
        const auto started = startDetached(studioProgram(), m_files);
        if (!started)
            return console.report(started.error());
        console.document({{"program", studioProgram()}, {"process", *started}, {"files", m_files}});
        return 0;
    }

private:
    std::vector<std::string> m_files;
};

} // namespace

std::unique_ptr<Command> makeStudio()
{
    return std::make_unique<Studio>();
}

} // namespace mantissa::cli
