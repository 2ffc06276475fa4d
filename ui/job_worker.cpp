// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/job_worker.h"

#include "engine/base/crash_report.h"
#include "ui/crash_folder.h"
#include "ui/job_messages.h"
#include "ui/settings.h"
#include "ui/text.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QProcess>

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <new>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace mantissa::ui {

namespace {

constexpr int kLookMs = 40; // as often as the window looks
constexpr std::chrono::milliseconds kTellInterval{50};
constexpr int kStartMs = 30'000;
constexpr char kStop[] = "stop\n";

/// Makes `to` show what `now` says, where it showed `last`.
void mirror(Progress& to, ProgressSnapshot& last, const ProgressSnapshot& now)
{
    const bool anew = now.phase != last.phase || now.bytesTotal != last.bytesTotal
        || now.itemsTotal != last.itemsTotal || now.bytesDone < last.bytesDone
        || now.itemsDone < last.itemsDone;
    if (anew) {
        to.start(now.phase, now.bytesTotal, now.itemsTotal);
        last.bytesDone = 0;
        last.itemsDone = 0;
    }
    to.addBytes(now.bytesDone - last.bytesDone);
    for (std::uint32_t item = last.itemsDone; item < now.itemsDone; ++item)
        to.addItem();
    if (now.current != last.current)
        to.setCurrent(now.current);
    last = now;
}

Error endOf(const QProcess& process)
{
    if (process.exitStatus() == QProcess::NormalExit)
        return {ErrorCode::Internal,
            sentence("the process of this job ended without a result (exit code {})", process.exitCode()), {},
            "what is finished is kept; try again"};
    if (process.exitCode() == SIGKILL)
        return outOfMemory("the process of this job was killed, as the system does when no memory is left");
    const char* const name = ::sigabbrev_np(process.exitCode());
    return {ErrorCode::Internal,
        sentence("the process of this job crashed (SIG{})", name != nullptr ? name : "?"), {},
        "what is finished is kept: try again; the crash report says more"};
}

// What follows runs in the worker.

struct Order {
    QByteArray job; ///< empty: none came
    bool stopped = false; ///< the next line came with it
};

/// The first line of standard input.
Order readOrder()
{
    QByteArray text;
    std::array<char, 1 << 16> bytes{};
    while (!text.contains('\n')) {
        const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (n <= 0)
            return {};
        text.append(bytes.data(), n);
    }
    const qsizetype end = text.indexOf('\n');
    return {text.left(end), end + 1 < text.size()};
}

/// Asks for a stop when the window says so, or is gone.
void listen(const std::stop_token& end, std::stop_source& stop)
{
    while (!end.stop_requested()) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (::poll(&input, 1, kLookMs) <= 0)
            continue;
        std::array<char, sizeof(kStop)> bytes{};
        const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        stop.request_stop();
        if (n <= 0)
            return;
    }
}

/// Writes lines to the window. Thread-safe.
class Teller {
public:
    explicit Teller(int channel)
        : m_channel(channel)
    { }
    void tell(const JobMessage& message)
    {
        const std::scoped_lock lock(m_mutex);
        QByteArray line = toLine(message);
        for (qsizetype done = 0; done < line.size();) {
            const ssize_t n
                = ::write(m_channel, line.constData() + done, static_cast<std::size_t>(line.size() - done));
            if (n <= 0)
                return; // the window is gone; the end of the input says so too
            done += n;
        }
    }
    void tellNews(const Progress& progress)
    {
        for (const LogLine& line : progress.logSince(m_told)) {
            noteForCrash(line.text);
            tell(line);
            ++m_told;
        }
        tell(progress.snapshot());
    }

private:
    std::mutex m_mutex;
    int m_channel;
    std::size_t m_told = 0;
};

// Made beforehand: when it is needed, there is no memory to make it.
QByteArray s_outOfMemory;
int s_channel = -1;
std::terminate_handler s_otherwise = nullptr;

/// Memory may run out in any thread, where nobody catches it: the window is told, and the process ends.
[[noreturn]] void onTerminate()
{
    if (const std::exception_ptr current = std::current_exception()) {
        try {
            std::rethrow_exception(current);
        } catch (const std::bad_alloc&) {
            const ssize_t told = ::write(
                s_channel, s_outOfMemory.constData(), static_cast<std::size_t>(s_outOfMemory.size()));
            ::_exit(told > 0 ? static_cast<int>(ErrorCode::System) : EXIT_FAILURE);
        } catch (...) { // NOLINT(bugprone-empty-catch): a crash like any other
        }
    }
    s_otherwise();
    std::abort();
}

void prepareForNoMemory(int channel)
{
    const Result<JobOutcome> nothing = tl::unexpected(outOfMemory("there is not enough memory for this job"));
    s_outOfMemory = '\n' + toLine(nothing); // another line may be half written
    s_channel = channel;
    s_otherwise = std::set_terminate(onTerminate);
}

Result<JobOutcome> runGuarded(const QueuedJob& job, const JobContext& context)
{
    try {
        return runQueuedJob(job, context);
    } catch (...) {
        return tl::unexpected(errorOfException());
    }
}

} // namespace

QString studioProgram()
{
    return QCoreApplication::applicationDirPath() + QStringLiteral("/mantissa-studio");
}

Result<JobOutcome> runInWorker(const QueuedJob& job, const JobContext& context)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(studioProgram(), {QString::fromLatin1(kWorkerOption)});
    if (!process.waitForStarted(kStartMs))
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the process for this job cannot be started: {}", toStd(process.errorString())),
            toStd(process.program()), "switch “Export in a process of its own” off in the settings"});
    process.write(QJsonDocument::fromJson(toJson(std::vector{job})).toJson(QJsonDocument::Compact) + '\n');

    ProgressSnapshot last;
    std::optional<Result<JobOutcome>> outcome;
    bool told = false;
    while (process.state() != QProcess::NotRunning || process.canReadLine()) {
        if (context.cancelled() && !std::exchange(told, true))
            process.write(kStop);
        process.waitForReadyRead(kLookMs);
        while (process.canReadLine()) {
            auto message = fromLine(process.readLine());
            if (!message)
                continue;
            if (const auto* snapshot = std::get_if<ProgressSnapshot>(&*message))
                mirror(*context.progress, last, *snapshot);
            else if (const auto* line = std::get_if<LogLine>(&*message))
                context.progress->log(line->level, line->text, line->layer);
            else
                outcome = std::get<Result<JobOutcome>>(std::move(*message));
        }
    }
    if (outcome)
        return std::move(*outcome);
    return tl::unexpected(endOf(process));
}

int workerMain(int& argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    nameStudio();
    const int channel = ::dup(STDOUT_FILENO);
    ::dup2(STDERR_FILENO, STDOUT_FILENO); // what libraries print does not belong between our lines
    ::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(installStudioCrashReports()); // without them, the job runs all the same
    prepareForNoMemory(channel);
    const Order order = readOrder();
    const auto jobs = parseQueue(order.job);
    if (!jobs || jobs->size() != 1) {
        std::fputs(
            "mantissa-studio: this is how the window runs its exports; start it without options\n", stderr);
        return static_cast<int>(ErrorCode::Usage);
    }
    setCrashFile(toStd(jobs->front().source));
    Progress progress;
    std::stop_source stop;
    if (order.stopped)
        stop.request_stop();
    Teller teller(channel);
    Result<JobOutcome> outcome = tl::unexpected(Error{});
    {
        const std::jthread listener([&stop](const std::stop_token& end) { listen(end, stop); });
        const std::jthread reporter([&](const std::stop_token& end) {
            std::mutex mutex;
            std::condition_variable_any wake;
            while (!end.stop_requested()) {
                teller.tellNews(progress);
                std::unique_lock lock(mutex);
                wake.wait_for(lock, end, kTellInterval, [] { return false; });
            }
        });
        outcome = runGuarded(jobs->front(), JobContext{stop.get_token(), &progress});
    }
    teller.tellNews(progress);
    teller.tell(outcome);
    return outcome ? 0 : static_cast<int>(outcome.error().code);
}

} // namespace mantissa::ui
