// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/crash_report.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <exception>
#include <execinfo.h>
#include <fcntl.h>
#include <limits>
#include <unistd.h>

namespace mantissa {

namespace {

constexpr std::size_t kLines = 24, kLineBytes = 240, kPathBytes = 1024, kFrames = 48;
constexpr std::size_t kSignalStack = std::size_t{64} << 10; // a stack that overflowed has no room left
constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

/// Text of a bounded length that the handler may read while others write: torn at worst, never beyond its
/// end.
template <std::size_t N> struct FixedText {
    std::array<char, N> bytes{};
    std::atomic<std::size_t> length{0};

    void set(std::string_view text)
    {
        length = 0;
        const std::size_t size = std::min(text.size(), N);
        std::copy_n(text.data(), size, bytes.data());
        length = size;
    }
    std::string_view view() const { return {bytes.data(), std::min(length.load(), N)}; }
};

struct State {
    FixedText<kPathBytes> prefix; ///< folder and the start of the file's name
    FixedText<kLineBytes> program, exception;
    FixedText<kPathBytes> file;
    std::array<FixedText<kLineBytes>, kLines> lines;
    std::atomic<std::size_t> noted{0};
    std::atomic<bool> nameFiles{false};
    std::atomic_flag writing = ATOMIC_FLAG_INIT;
};

State& state()
{
    static State kState;
    return kState;
}

/// Writes without buffers; what does not get through is lost.
class Report {
public:
    explicit Report(int file)
        : m_file(file)
    { }
    Report& operator<<(std::string_view text)
    {
        while (!text.empty()) {
            const ssize_t n = ::write(m_file, text.data(), text.size());
            if (n <= 0)
                return *this;
            text.remove_prefix(static_cast<std::size_t>(n));
        }
        return *this;
    }
    Report& number(std::uint64_t value, unsigned base = 10, std::size_t width = 1)
    {
        std::array<char, 24> digits{};
        std::size_t at = digits.size();
        do {
            digits[--at] = "0123456789abcdef"[value % base];
            value /= base;
        } while (value > 0 || digits.size() - at < width);
        return *this << std::string_view(digits.data() + at, digits.size() - at);
    }

private:
    int m_file;
};

std::string_view nameOfSignal(int signal)
{
    switch (signal) {
    case SIGSEGV:
        return "SIGSEGV, memory that is not its own";
    case SIGBUS:
        return "SIGBUS, memory that is not there";
    case SIGILL:
        return "SIGILL, an instruction that this processor does not know";
    case SIGFPE:
        return "SIGFPE, arithmetic that is not defined";
    case SIGABRT:
        return "SIGABRT, the program gave up";
    default:
        return "another signal";
    }
}

void writeTime(Report& report, std::time_t now)
{
    const std::chrono::sys_seconds time{std::chrono::seconds(now)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    report.number(static_cast<std::uint64_t>(static_cast<int>(date.year())));
    (report << "-").number(unsigned{date.month()}, 10, 2);
    (report << "-").number(unsigned{date.day()}, 10, 2);
    (report << " ").number(static_cast<std::uint64_t>(clock.hours().count()), 10, 2);
    (report << ":").number(static_cast<std::uint64_t>(clock.minutes().count()), 10, 2);
    (report << ":").number(static_cast<std::uint64_t>(clock.seconds().count()), 10, 2);
    report << " UTC";
}

/// Where the program was, newest call first. Names of libraries without their folders.
void writeFrames(Report& report)
{
    std::array<void*, kFrames> frames{};
    const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    for (int idx = 0; idx < count; ++idx) {
        void* const frame = frames[static_cast<std::size_t>(idx)];
        const auto address = reinterpret_cast<std::uintptr_t>(frame);
        Dl_info info{};
        if (::dladdr(frame, &info) == 0 || info.dli_fname == nullptr) {
            (report << "  0x").number(address, 16) << "\n";
            continue;
        }
        const char* const slash = std::strrchr(info.dli_fname, '/');
        report << "  " << (slash != nullptr ? slash + 1 : info.dli_fname);
        (report << " +0x").number(address - reinterpret_cast<std::uintptr_t>(info.dli_fbase), 16);
        if (info.dli_sname != nullptr)
            report << " " << info.dli_sname;
        report << "\n";
    }
}

void writeReport(int signal)
{
    State& about = state();
    const std::time_t now = ::time(nullptr);
    std::array<char, kPathBytes + 64> path{};
    { // "<prefix><seconds>-<process>.txt", put together by hand
        std::size_t at = 0;
        const auto add = [&](std::string_view text) {
            const std::size_t size = std::min(text.size(), path.size() - 1 - at);
            std::copy_n(text.data(), size, path.data() + at);
            at += size;
        };
        const auto number = [&](std::uint64_t value) {
            std::array<char, 24> digits{};
            std::size_t first = digits.size();
            do {
                digits[--first] = static_cast<char>('0' + value % 10);
                value /= 10;
            } while (value > 0);
            add({digits.data() + first, digits.size() - first});
        };
        add(about.prefix.view());
        number(static_cast<std::uint64_t>(now));
        add("-");
        number(static_cast<std::uint64_t>(::getpid()));
        add(".txt");
    }
    const int file = ::open(path.data(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return;
    Report report(file);
    report << about.program.view() << "\n";
    report << "crashed: ";
    writeTime(report, now);
    (report << "\nsignal: ").number(static_cast<std::uint64_t>(signal))
        << ", " << nameOfSignal(signal) << "\n";
    if (!about.exception.view().empty())
        report << "exception: " << about.exception.view() << "\n";
    if (!about.file.view().empty())
        report << "file: " << about.file.view() << "\n";
    const std::size_t noted = about.noted;
    report << "last lines of the log:\n";
    for (std::size_t idx = noted > kLines ? noted - kLines : 0; idx < noted; ++idx)
        report << "  " << about.lines[idx % kLines].view() << "\n";
    report << "calls, newest first:\n";
    writeFrames(report);
    ::close(file);
}

extern "C" void onCrash(int signal)
{
    if (state().writing.test_and_set()) {
        // A second thread, or the report itself, crashed; the process ends with the first one.
        for (;;)
            ::pause();
    }
    writeReport(signal);
    std::signal(signal, SIG_DFL);
    ::raise(signal); // delivered when this handler returns
}

[[noreturn]] void onTerminate()
{
    State& about = state();
    if (const std::exception_ptr current = std::current_exception()) {
        try {
            std::rethrow_exception(current);
        } catch (const std::exception& error) {
            about.exception.set(about.nameFiles ? std::string(error.what()) : withoutFileNames(error.what()));
        } catch (...) {
            about.exception.set("of an unknown kind");
        }
    }
    std::abort();
}

bool looksLikeFile(std::string_view word)
{
    constexpr std::array<std::string_view, 10> kSuffixes{
        ".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".json", ".mantissa", ".sft", ".png"};
    return word.find('/') != std::string_view::npos
        || std::any_of(kSuffixes.begin(), kSuffixes.end(),
            [&](std::string_view suffix) { return word.find(suffix) != std::string_view::npos; });
}

} // namespace

std::string withoutFileNames(std::string_view text)
{
    // A name may hold blanks, so what follows it cannot be told from it.
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        if (looksLikeFile(text.substr(begin, end - begin)))
            return std::string(text.substr(0, begin)).append("(file)");
        begin = end + 1;
    }
    return std::string(text);
}

Status installCrashReports(const CrashReportOptions& options)
{
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    if (error)
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the folder for crash reports cannot be made: {}", error.message()),
            options.folder.string(), {}});
    State& about = state();
    about.prefix.set((options.folder / "crash-").string());
    about.program.set(options.program + " " + options.version);
    about.nameFiles = options.nameFiles;
    if (!options.nameFiles)
        about.file.set({});

    std::array<void*, 1> warm{};
    ::backtrace(warm.data(), 1); // loads the unwinder now, as that allocates
    static std::array<std::byte, kSignalStack> stack;
    stack_t alternative{};
    alternative.ss_sp = stack.data();
    alternative.ss_size = stack.size();
    ::sigaltstack(&alternative, nullptr);
    struct sigaction action { };
    action.sa_handler = onCrash;
    action.sa_flags = SA_ONSTACK;
    ::sigemptyset(&action.sa_mask);
    for (const int signal : kSignals)
        ::sigaction(signal, &action, nullptr);
    std::set_terminate(onTerminate);
    return {};
}

void noteForCrash(std::string_view line)
{
    State& about = state();
    const std::size_t idx = about.noted.fetch_add(1);
    about.lines[idx % kLines].set(about.nameFiles ? std::string(line) : withoutFileNames(line));
}

void setCrashFile(std::string_view file)
{
    if (state().nameFiles)
        state().file.set(file);
}

} // namespace mantissa
