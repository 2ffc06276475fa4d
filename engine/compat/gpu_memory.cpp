// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compat/gpu_memory.h"

#include "engine/compat/pci_displays.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace mantissa {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostOutput = 1 << 16; // a line a GPU

/// What a program wrote to its standard output; an error where it is not there, fails, or takes too long.
class ToolRun {
public:
    explicit ToolRun(std::chrono::milliseconds patience)
        : m_end(Clock::now() + patience)
    { }
    ~ToolRun()
    {
        if (m_pipe >= 0)
            ::close(m_pipe);
        if (m_child <= 0)
            return;
        ::kill(m_child, SIGKILL); // it was given up
        ::waitpid(m_child, nullptr, 0);
    }
    ToolRun(const ToolRun&) = delete;
    ToolRun& operator=(const ToolRun&) = delete;

    /// `missing`: there is no such program.
    Result<std::string> run(std::vector<std::string> arguments, bool& missing)
    {
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            return fail(ErrorCode::System, "no pipe to {}: {}", arguments.front(), std::strerror(errno));
        m_pipe = ends[0];
        ::posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        std::vector<char*> argv;
        argv.reserve(arguments.size() + 1);
        for (std::string& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        const int started = ::posix_spawnp(&m_child, argv.front(), &actions, nullptr, argv.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        if (started != 0) {
            m_child = 0;
            missing = started == ENOENT;
            return fail(ErrorCode::System, "{} cannot be run: {}", arguments.front(), std::strerror(started));
        }
        return finish(arguments.front());
    }

private:
    Result<std::string> finish(const std::string& name)
    {
        std::string text;
        for (;;) {
            const auto left
                = std::chrono::duration_cast<std::chrono::milliseconds>(m_end - Clock::now()).count();
            ::pollfd waiting{m_pipe, POLLIN, 0};
            const int ready = left > 0 ? ::poll(&waiting, 1, static_cast<int>(left)) : 0;
            if (ready < 0 && errno == EINTR)
                continue;
            if (ready <= 0 || text.size() > kMostOutput)
                return fail(ErrorCode::System, "{} does not answer", name);
            std::array<char, 4096> block{};
            const auto got = ::read(m_pipe, block.data(), block.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                break;
            text.append(block.data(), static_cast<std::size_t>(got));
        }
        // Its output is over; a program that lives on is given up by the destructor.
        int status = 0;
        while (::waitpid(m_child, &status, WNOHANG) == 0) {
            if (Clock::now() > m_end)
                return fail(ErrorCode::System, "{} does not end", name);
            ::poll(nullptr, 0, 2);
        }
        m_child = 0;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            return fail(ErrorCode::System, "{} failed", name);
        return text;
    }

    Clock::time_point m_end;
    int m_pipe = -1;
    ::pid_t m_child = 0;
};

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r";
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

std::optional<std::uint64_t> numberOf(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// "NVIDIA GeForce RTX 4090, 24564, 23010": MiB. Slices and unified memory say "[N/A]".
std::optional<GpuMemory> parseLine(std::string_view line)
{
    const std::size_t second = line.rfind(',');
    const std::size_t first
        = second == std::string_view::npos || second == 0 ? second : line.rfind(',', second - 1);
    if (first == std::string_view::npos || second == std::string_view::npos || first == second)
        return std::nullopt;
    const auto total = numberOf(trimmed(line.substr(first + 1, second - first - 1)));
    const auto free = numberOf(trimmed(line.substr(second + 1)));
    constexpr std::uint64_t kMostMib = std::uint64_t{1} << 30; // a petabyte: no number of a sane tool
    if (!total || !free || *free > *total || *total > kMostMib)
        return std::nullopt;
    return GpuMemory{
        gpuByName(std::string(trimmed(line.substr(0, first))), GpuVendor::Nvidia), *total << 20, *free << 20};
}

void addNvidia(GpuMemoryReading& reading, const GpuMemorySources& sources)
{
    bool missing = false;
    const auto text = ToolRun(sources.patience)
                          .run({sources.tool, "--query-gpu=name,memory.total,memory.free",
                                   "--format=csv,noheader,nounits"},
                              missing);
    if (!text) {
        std::error_code ec;
        const bool driver = std::filesystem::exists(sources.root / "proc/driver/nvidia/gpus", ec);
        if (!missing || driver) // without driver and tool there is nothing to be told of
            reading.problem = text.error().message;
        return;
    }
    for (std::string_view rest = *text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.empty())
            continue;
        if (auto memory = parseLine(line))
            reading.gpus.push_back(std::move(*memory));
        else
            reading.problem = sentence("{} says \"{}\" of a GPU's memory", sources.tool, line);
    }
}

/// amdgpu's files in the folder of the device.
void addAmd(GpuMemoryReading& reading, const std::filesystem::path& root)
{
    for (const PciDisplay& display : pciDisplays(root)) {
        if (display.vendor != GpuVendor::Amd)
            continue;
        const auto total = numberOf(firstLine(display.folder / "mem_info_vram_total"));
        const auto used = numberOf(firstLine(display.folder / "mem_info_vram_used"));
        if (!total || !used || *used > *total) {
            reading.problem = sentence("the driver of {} does not say what is free", display.name);
            continue;
        }
        reading.gpus.push_back({gpuByName(display.name, GpuVendor::Amd), *total, *total - *used});
    }
}

} // namespace

GpuMemoryReading readGpuMemory(const GpuMemorySources& sources)
{
    GpuMemoryReading reading;
    addNvidia(reading, sources);
    addAmd(reading, sources.root);
    return reading;
}

const GpuMemory* memoryOf(const GpuMemoryReading& reading, const Gpu& gpu)
{
    const GpuMemory* best = nullptr;
    for (const GpuMemory& each : reading.gpus)
        if (each.gpu.name == gpu.name && (best == nullptr || each.freeBytes > best->freeBytes))
            best = &each;
    return best;
}

} // namespace mantissa
