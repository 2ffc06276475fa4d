// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "engine/base/json.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <pthread.h>
#include <unistd.h>

namespace mantissa::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTerminalInterval{200};
constexpr std::chrono::seconds kPlainInterval{2};

void writeTo(std::FILE* stream, std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stream);
}

std::string humanSeconds(double seconds)
{
    const auto s = std::llround(seconds);
    if (s < 60)
        return fmt::format("{} s", s);
    if (s < 3600)
        return fmt::format("{} min {:02} s", s / 60, s % 60);
    return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

/// Display width of UTF-8 text, one column a code point.
std::size_t widthOf(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

void Console::print(std::string_view text) const
{
    if (!json)
        writeTo(stdout, text);
}

void Console::document(const nlohmann::ordered_json& value) const
{
    if (json)
        writeTo(stdout, value.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void Console::note(std::string_view text) const
{
    if (!quiet)
        writeTo(stderr, fmt::format("{}\n", text));
}

void Console::warn(std::string_view text) const
{
    writeTo(stderr, fmt::format("mantissa: warning: {}\n", text));
}

int Console::report(const Error& error) const
{
    if (json)
        document({{"error",
            {{"code", static_cast<int>(error.code)}, {"message", error.message}, {"hint", error.hint},
                {"where", error.where}}}});
    const bool named = error.where.empty() || error.message.find(error.where) != std::string::npos;
    writeTo(stderr,
        named ? fmt::format("mantissa: error: {}\n", error.message)
              : fmt::format("mantissa: error: {}: {}\n", error.where, error.message));
    if (!error.hint.empty())
        writeTo(stderr, fmt::format("hint: {}\n", error.hint));
    return static_cast<int>(error.code);
}

std::string formatTable(
    const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& rightAligned)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths.resize(std::max(widths.size(), row.size()));
            widths[i] = std::max(widths[i], widthOf(row[i]));
        }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - widthOf(row[i]), ' ');
            const bool right = i < rightAligned.size() && rightAligned[i];
            line += right ? padding + row[i] : row[i] + padding;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

ProgressDisplay::ProgressDisplay(const Console& console, const Progress& progress)
    : m_console(console)
    , m_progress(progress)
    , m_terminal(::isatty(STDERR_FILENO) == 1)
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{ }

ProgressDisplay::~ProgressDisplay()
{
    m_thread.request_stop();
    m_thread.join();
}

void ProgressDisplay::run(const std::stop_token& stop)
{
    const auto started = Clock::now();
    auto lastPlain = started, phaseStarted = started;
    std::string phase;
    std::size_t logged = 0;
    std::mutex mutex;
    std::condition_variable_any wake;
    const auto clearLine = [&] {
        if (m_terminal && !m_console.quiet)
            writeTo(stderr, "\r\x1b[K");
    };
    while (true) {
        const bool last = stop.stop_requested();
        const auto lines = m_progress.logSince(logged);
        logged += lines.size();
        if (!lines.empty())
            clearLine();
        for (const LogLine& line : lines) {
            const std::string text
                = line.layer.empty() ? std::string(line.text) : line.layer + ": " + line.text;
            if (line.level == LogLevel::Warning)
                m_console.warn(text);
            else if (line.level == LogLevel::Info)
                m_console.note(text);
        }
        const ProgressSnapshot now = m_progress.snapshot();
        if (now.phase != phase) {
            phase = now.phase;
            phaseStarted = Clock::now();
        }
        // Work that is not counted in bytes is counted in items: steps, layers.
        const bool bytes = now.bytesTotal > 0;
        if (!m_console.quiet && (bytes || now.itemsTotal > 0) && !last) {
            const double done = static_cast<double>(bytes ? now.bytesDone : now.itemsDone);
            const double share
                = std::min(1.0, done / static_cast<double>(bytes ? now.bytesTotal : now.itemsTotal));
            const double seconds = std::chrono::duration<double>(Clock::now() - phaseStarted).count();
            const double rate = seconds > 0 ? done / seconds : 0;
            const double left = share > 0 ? seconds * (1 - share) / share : 0;
            const std::string speed = bytes ? humanBytes(static_cast<std::uint64_t>(rate)) + "/s"
                                            : fmt::format("{}/{}", now.itemsDone, now.itemsTotal);
            const std::string text = fmt::format("{} {:3.0f} %  {}  {} left{}", now.phase, share * 100, speed,
                humanSeconds(left), bytes || now.current.empty() ? "" : "  " + now.current);
            if (m_terminal) {
                constexpr int kWidth = 24;
                const int full = static_cast<int>(share * kWidth);
                writeTo(stderr,
                    fmt::format("\r\x1b[K[{}{}] {}", std::string(static_cast<std::size_t>(full), '#'),
                        std::string(static_cast<std::size_t>(kWidth - full), '.'), text));
            } else if (Clock::now() - lastPlain >= kPlainInterval) {
                lastPlain = Clock::now();
                writeTo(stderr, text + "\n");
            }
        }
        if (last)
            break;
        std::unique_lock lock(mutex);
        wake.wait_for(lock, stop, kTerminalInterval, [] { return false; });
    }
    clearLine();
}

StopOnSignal::StopOnSignal()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_thread = std::jthread([this](const std::stop_token& stop) {
        sigset_t waited;
        sigemptyset(&waited);
        sigaddset(&waited, SIGINT);
        sigaddset(&waited, SIGTERM);
        constexpr timespec kPoll{0, 50'000'000};
        while (!stop.stop_requested()) {
            if (sigtimedwait(&waited, nullptr, &kPoll) < 0)
                continue;
            if (m_source.stop_requested())
                ::_exit(static_cast<int>(ErrorCode::Cancelled));
            m_source.request_stop();
        }
    });
}

StopOnSignal::~StopOnSignal()
{
    m_thread.request_stop();
    m_thread.join();
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

} // namespace mantissa::cli
