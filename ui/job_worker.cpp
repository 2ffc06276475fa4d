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

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
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
            fmt::format("the process of this job ended without a result (exit code {})", process.exitCode()),
            {}, "what is finished is kept; try again"};
    if (process.exitCode() == SIGKILL)
        return outOfMemory("the process of this job was killed, as the system does when no memory is left");
    const char* const name = ::sigabbrev_np(process.exitCode());
    return {ErrorCode::Internal,
        fmt::format("the process of this job crashed (SIG{})", name != nullptr ? name : "?"), {},
        "what is finished is kept: try again; the crash report says more"};
}

// What follows runs in the worker.

/// The first line of standard input, byte by byte, so that nothing of the next one is swallowed by a buffer.
QByteArray readJob()
{
    QByteArray line;
    std::array<char, 1 << 16> bytes{};
    while (!line.endsWith('\n')) {
        const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (n <= 0)
            return {};
        line.append(bytes.data(), n);
    }
    return line;
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
            "the process for this job cannot be started: " + toStd(process.errorString()),
            toStd(process.program()), "switch “Run exports in a process of their own” off in the settings"});
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
    const auto jobs = parseQueue(readJob());
    if (!jobs || jobs->size() != 1) {
        std::fputs(
            "mantissa-studio: this is how the window runs its exports; start it without options\n", stderr);
        return static_cast<int>(ErrorCode::Usage);
    }
    setCrashFile(toStd(jobs->front().source));
    Progress progress;
    std::stop_source stop;
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
