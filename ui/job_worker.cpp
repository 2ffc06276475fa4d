// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/job_worker.h"

#include "ui/job_messages.h"
#include "ui/text.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QProcess>

#include <csignal>
#include <cstring>
#include <utility>

namespace mantissa::ui {

namespace {

constexpr int kLookMs = 40; // as often as the window looks
constexpr int kStartMs = 30'000;

/// Makes `to` show what `now` says, where it showed `last`.
void advance(Progress& to, ProgressSnapshot& last, const ProgressSnapshot& now)
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

/// Tells the worker what is wanted of it by now.
class Wishes {
public:
    Wishes(const JobContext& context, const LiveFeed* feed)
        : m_context(context)
        , m_feed(feed)
    { }
    void tell(QProcess& process)
    {
        if (m_context.cancelled() && !std::exchange(m_stopped, true))
            process.write(QByteArray(kStopLine) + '\n');
        if (m_feed == nullptr)
            return;
        Watched now{m_feed->chosen(), m_feed->others()};
        if (now == m_watched)
            return;
        process.write(toLine(now));
        m_watched = std::move(now);
    }

private:
    const JobContext& m_context;
    const LiveFeed* m_feed; ///< null: nobody watches
    bool m_stopped = false;
    std::optional<Watched> m_watched; ///< as it was told
};

/// Shows what the worker tells where a job of this process would have shown it itself.
class Mirror {
public:
    Mirror(Progress& progress, LiveFeed* feed)
        : m_progress(progress)
        , m_feed(feed)
    { }
    void show(JobMessage message)
    {
        if (const auto* snapshot = std::get_if<ProgressSnapshot>(&message)) {
            advance(m_progress, m_last, *snapshot);
        } else if (const auto* line = std::get_if<LogLine>(&message)) {
            m_progress.log(line->level, line->text, line->layer);
        } else if (auto* views = std::get_if<LiveViews>(&message); views == nullptr) {
            m_outcome = std::get<Result<JobOutcome>>(std::move(message));
        } else if (m_feed != nullptr) {
            if (views->layers)
                m_feed->setLayers(std::move(*views->layers));
            m_feed->publish(std::move(views->chosen), std::move(views->others));
        }
    }
    std::optional<Result<JobOutcome>>& outcome() { return m_outcome; } ///< empty: none came yet

private:
    Progress& m_progress;
    LiveFeed* m_feed;
    ProgressSnapshot m_last;
    std::optional<Result<JobOutcome>> m_outcome;
};

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
            toStd(process.program()), "switch “Run jobs in a process of their own” off in the settings"});
    process.write(QJsonDocument::fromJson(toJson(std::vector{job})).toJson(QJsonDocument::Compact) + '\n');

    Wishes wishes(context, job.feed.get());
    Mirror mirror(*context.progress, job.feed.get());
    while (process.state() != QProcess::NotRunning || process.canReadLine()) {
        wishes.tell(process);
        process.waitForReadyRead(kLookMs);
        while (process.canReadLine())
            if (auto message = fromLine(process.readLine()))
                mirror.show(std::move(*message));
    }
    if (mirror.outcome())
        return std::move(*mirror.outcome());
    return tl::unexpected(endOf(process));
}

} // namespace mantissa::ui
