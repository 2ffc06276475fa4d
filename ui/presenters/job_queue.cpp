// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/job_queue.h"

#include "engine/export/part_file.h"
#include "ui/job_worker.h"
#include "ui/settings.h"
#include "ui/text.h"

#include <QDir>
#include <QFile>
#include <QUuid>

#include <algorithm>
#include <iterator>

namespace mantissa::ui {

namespace {
constexpr qint64 kMaxQueueBytes = 256 << 20; // hundreds of plans that list every layer
constexpr int kMostWindows = 64;

/// queue.json, queue-2.json, …
QString queueFile(const QString& folder, int number)
{
    const QString name = number == 1 ? QStringLiteral("queue") : QStringLiteral("queue-%1").arg(number);
    return QStringLiteral("%1/%2.json").arg(folder, name);
}

/// Null: another process has the file.
std::shared_ptr<QLockFile> lockOf(const QString& file)
{
    auto lock = std::make_shared<QLockFile>(file.chopped(5) + QStringLiteral(".lock")); // for ".json"
    lock->setStaleLockTime(0); // by process, not by age
    return lock->tryLock(0) ? lock : nullptr;
}

Result<std::vector<QueuedJob>> readQueue(const QString& file)
{
    if (!QFile::exists(file))
        return std::vector<QueuedJob>{};
    auto text = readWhole(file, kMaxQueueBytes);
    if (!text)
        return forward(std::move(text));
    return parseQueue(*text);
}

} // namespace

struct JobQueue::Stored {
    QString file;
    std::shared_ptr<QLockFile> lock; ///< of the file
    std::vector<QueuedJob> jobs;
};

JobQueue::JobQueue(const QString& folder, QObject* parent)
    : QObject(parent)
{
    connect(&m_model, &QueueModel::changed, this, &JobQueue::store);
    connect(&m_job, &JobController::logged, this, &JobQueue::logged);
    connect(&m_job, &JobController::runningChanged, this, &JobQueue::runningChanged);
    connect(&m_job, &JobController::progressed, this, [this](const ProgressSnapshot& snapshot) {
        Q_EMIT progressed(snapshot);
        const int row = m_model.rowOf(m_running);
        const bool bytes = snapshot.bytesTotal > 0;
        const double total = static_cast<double>(bytes ? snapshot.bytesTotal : snapshot.itemsTotal);
        const double done = static_cast<double>(bytes ? snapshot.bytesDone : snapshot.itemsDone);
        if (total > 0)
            m_jobShare = std::min(1.0, done / total);
        if (row >= 0 && total > 0)
            m_model.setProgress(row, m_jobShare);
    });
    load(folder);
}

JobQueue::~JobQueue()
{
    // A job that is still running comes back as interrupted: the file says that it runs.
    disconnect(&m_model, nullptr, this, nullptr);
}

void JobQueue::load(const QString& folder)
{
    m_loader.start<Stored>(
        [folder](const JobContext&) -> Result<Stored> {
            QDir().mkpath(folder);
            Stored stored;
            // What windows that ended left behind; kept locked until it is in our own file.
            std::vector<std::pair<QString, std::shared_ptr<QLockFile>>> left;
            for (int number = 1; number <= kMostWindows; ++number) {
                const QString file = queueFile(folder, number);
                if (stored.lock && !QFile::exists(file))
                    continue;
                auto lock = lockOf(file);
                if (!lock)
                    continue;
                auto jobs = readQueue(file);
                if (!jobs && stored.lock)
                    continue; // damaged, and none of ours
                if (!jobs)
                    return forward(std::move(jobs));
                stored.jobs.insert(stored.jobs.end(), std::make_move_iterator(jobs->begin()),
                    std::make_move_iterator(jobs->end()));
                if (stored.lock) {
                    left.emplace_back(file, std::move(lock));
                    continue;
                }
                stored.file = file;
                stored.lock = std::move(lock);
            }
            if (left.empty())
                return stored;
            if (Status written = writeWhole(stored.file, toJson(stored.jobs)); !written)
                return forward(std::move(written));
            for (const auto& [file, lock] : left)
                QFile::remove(file);
            return stored;
        },
        [this](Result<Stored> stored) {
            if (!stored) {
                Q_EMIT storeFailed(stored.error());
                return;
            }
            takeOver(std::move(*stored));
        });
}

void JobQueue::takeOver(Stored stored)
{
    if (stored.lock) {
        m_lock = std::move(stored.lock);
        m_file = std::make_unique<StateFile>(stored.file);
        connect(m_file.get(), &StateFile::failed, this, &JobQueue::storeFailed);
    }
    const auto unfinished = std::count_if(stored.jobs.begin(), stored.jobs.end(), [](const QueuedJob& job) {
        return job.state == QueuedJob::State::Waiting || job.state == QueuedJob::State::Interrupted
            || job.state == QueuedJob::State::Paused;
    });
    if (unfinished > 0 && !isRunning())
        setHeld(true); // nothing starts by itself when the program does
    for (std::size_t idx = 0; idx < stored.jobs.size(); ++idx)
        m_model.insert(static_cast<int>(idx), std::move(stored.jobs[idx]));
    store();
    Q_EMIT loaded(static_cast<int>(unfinished));
}

void JobQueue::store()
{
    if (m_file)
        m_file->write(toJson(m_model.jobs()));
}

QString JobQueue::enqueue(QueuedJob job)
{
    job.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    job.state = QueuedJob::State::Waiting;
    const QString id = job.id;
    m_model.insert(m_model.rowCount(), std::move(job));
    startNext();
    return id;
}

const QueuedJob* JobQueue::running() const
{
    const int row = m_running.isEmpty() ? -1 : m_model.rowOf(m_running);
    return row < 0 ? nullptr : &m_model.jobs()[static_cast<std::size_t>(row)];
}

void JobQueue::startNext()
{
    if (m_held || isRunning())
        return;
    const auto& jobs = m_model.jobs();
    const auto next = std::find_if(jobs.begin(), jobs.end(),
        [](const QueuedJob& job) { return job.state == QueuedJob::State::Waiting; });
    if (next == jobs.end())
        return;
    QueuedJob job = *next;
    if (job.kind == QueuedJob::Kind::Calibrate)
        job.feed = std::make_shared<LiveFeed>();
    m_running = job.id;
    m_jobShare = 0;
    m_model.update(static_cast<int>(next - jobs.begin()), [](QueuedJob& each) {
        each.state = QueuedJob::State::Running;
        each.message.clear();
    });
    Q_EMIT started(job);
    const bool apart = settingValue(Setting::JobsApart).toBool();
    m_job.start<JobOutcome>(
        [job = std::move(job), apart](const JobContext& context) {
            return apart ? runInWorker(job, context) : runQueuedJob(job, context);
        },
        [this, id = m_running](Result<JobOutcome> outcome) { finish(id, std::move(outcome)); });
}

void JobQueue::finish(const QString& id, Result<JobOutcome> outcome)
{
    m_running.clear();
    const int row = m_model.rowOf(id);
    if (row < 0)
        return;
    m_model.update(row, [&](QueuedJob& job) {
        const bool stopped = !outcome && outcome.error().code == ErrorCode::Cancelled;
        job.shortage = outcome ? std::nullopt : shortageOf(outcome.error());
        job.state = outcome ? QueuedJob::State::Done
            : stopped       ? QueuedJob::State::Stopped
            : job.shortage  ? QueuedJob::State::Paused
                            : QueuedJob::State::Failed;
        job.message = outcome ? QString()
            : stopped         ? tr("Stopped; what is finished was kept.")
                              : errorSentence(outcome.error());
    });
    QueuedJob job = m_model.jobs()[static_cast<std::size_t>(row)];
    m_model.update(row, [](QueuedJob& each) { each.model.reset(); }); // what holds memory is let go
    ++m_done;
    m_doneMs += m_job.elapsedMs();
    const bool stopped = !outcome && outcome.error().code == ErrorCode::Cancelled;
    const bool last = waiting() == 0;
    if (outcome)
        Q_EMIT succeeded(job, *outcome);
    else
        Q_EMIT failed(job, outcome.error());
    startNext();
    if (isRunning())
        return;
    m_done = 0;
    m_doneMs = 0;
    if (last && !stopped)
        Q_EMIT allDone();
}

int JobQueue::waiting() const
{
    const auto& jobs = m_model.jobs();
    return static_cast<int>(std::count_if(jobs.begin(), jobs.end(),
        [](const QueuedJob& job) { return job.state == QueuedJob::State::Waiting; }));
}

double JobQueue::share() const
{
    const int all = m_done + waiting() + (isRunning() ? 1 : 0);
    return all == 0 ? 0 : (m_done + (isRunning() ? m_jobShare : 0)) / all;
}

std::optional<double> JobQueue::secondsLeft() const
{
    constexpr double kEnough = 0.02; // of a job: before, the time is a guess
    if (!isRunning() || (m_jobShare < kEnough && m_done == 0))
        return std::nullopt;
    const double elapsed = static_cast<double>(elapsedMs()) / 1000;
    const double own
        = m_jobShare >= kEnough ? elapsed / m_jobShare : static_cast<double>(m_doneMs) / 1000 / m_done;
    const double each = (static_cast<double>(m_doneMs) / 1000 + own) / (m_done + 1);
    return std::max(0.0, own - elapsed) + waiting() * each;
}

void JobQueue::stop()
{
    m_job.requestStop();
}

void JobQueue::resume(int row)
{
    choose(row, PausedChoice::Again);
}

void JobQueue::choose(int row, PausedChoice choice, const QString& output)
{
    if (row < 0 || row >= m_model.rowCount() || !m_model.jobs()[static_cast<std::size_t>(row)].canResume())
        return;
    const QString before = m_model.jobs()[static_cast<std::size_t>(row)].output;
    m_model.update(row, [&](QueuedJob& job) { job = withChoice(std::move(job), choice, output); });
    if (choice == PausedChoice::Elsewhere && output != before)
        m_cleaner.start<bool>( // on a full disk above all, nothing unfinished is left lying about
            [before](const JobContext&) -> Result<bool> {
                QFile::remove(fromPath(journalPath(toPath(before))));
                return QFile::remove(fromPath(partPath(toPath(before))));
            },
            [](const Result<bool>&) {});
    startNext();
}

void JobQueue::remove(int row)
{
    if (row >= 0 && row < m_model.rowCount()
        && m_model.jobs()[static_cast<std::size_t>(row)].state != QueuedJob::State::Running)
        m_model.remove(row);
}

void JobQueue::moveBy(int row, int rows)
{
    const int to = std::clamp(row + rows, 0, m_model.rowCount() - 1);
    if (row >= 0 && row < m_model.rowCount())
        m_model.move(row, to);
}

void JobQueue::clearFinished()
{
    for (int row = m_model.rowCount(); row-- > 0;)
        if (m_model.jobs()[static_cast<std::size_t>(row)].state == QueuedJob::State::Done)
            m_model.remove(row);
}

void JobQueue::setHeld(bool held)
{
    if (m_held == held)
        return;
    m_held = held;
    Q_EMIT heldChanged(held);
    startNext();
}

} // namespace mantissa::ui
