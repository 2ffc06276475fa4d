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

/// Shows what the worker tells where work of this process would have shown it itself.
class Mirror {
public:
    Mirror(Progress& progress, LiveFeed* feed, const ComparisonWatcher& watcher)
        : m_progress(progress)
        , m_feed(feed)
        , m_watcher(watcher)
    { }
    void show(JobMessage message)
    {
        std::visit([this](auto& news) { take(std::move(news)); }, message);
    }
    std::optional<Result<JobOutcome>>& outcome() { return m_outcome; } ///< empty: none came yet

private:
    void take(const ProgressSnapshot& snapshot) { advance(m_progress, m_last, snapshot); }
    void take(LogLine line) { m_progress.log(line.level, std::move(line.text), std::move(line.layer)); }
    void take(LiveViews views)
    {
        if (m_feed == nullptr)
            return;
        if (views.layers)
            m_feed->setLayers(std::move(*views.layers));
        m_feed->publish(std::move(views.chosen), std::move(views.others));
    }
    void take(const ComparisonNews& news) { tell(m_watcher, news); }
    void take(Result<JobOutcome> outcome) { m_outcome = std::move(outcome); }

    Progress& m_progress;
    LiveFeed* m_feed;
    const ComparisonWatcher& m_watcher;
    ProgressSnapshot m_last;
    std::optional<Result<JobOutcome>> m_outcome;
};

/// Starts a worker, gives it the order, and waits until it has ended.
Result<JobOutcome> runWorker(
    const QByteArray& order, const JobContext& context, LiveFeed* feed, const ComparisonWatcher& watcher)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(studioProgram(), {QString::fromLatin1(kWorkerOption)});
    if (!process.waitForStarted(kStartMs))
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the process for this job cannot be started: {}", toStd(process.errorString())),
            toStd(process.program()), "switch “Run jobs in a process of their own” off in the settings"});
    process.write(order);

    Wishes wishes(context, feed);
    Mirror mirror(*context.progress, feed, watcher);
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

} // namespace

QString studioProgram()
{
    return QCoreApplication::applicationDirPath() + QStringLiteral("/mantissa-studio");
}

Result<JobOutcome> runInWorker(const QueuedJob& job, const JobContext& context)
{
    const QByteArray order
        = QJsonDocument::fromJson(toJson(std::vector{job})).toJson(QJsonDocument::Compact) + '\n';
    return runWorker(order, context, job.feed.get(), {});
}

Result<Comparison> compareInWorker(
    const PictureJob& job, const JobContext& context, const ComparisonWatcher& watcher)
{
    const auto outcome = runWorker(toLine(job), context, nullptr, watcher);
    if (!outcome)
        return tl::unexpected(outcome.error());
    return outcome->compared ? *outcome->compared : Comparison{};
}

} // namespace mantissa::ui
