// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/job_controller.h"

#include "ui/post.h"

#include <algorithm>
#include <utility>

namespace mantissa::ui {

namespace {
constexpr int kPollMs = 50; // 20 updates a second: as often as an eye can use
}

struct JobController::Job {
    Progress progress;
    std::size_t linesSeen = 0;
    std::jthread thread;
};

JobController::JobController(QObject* parent)
    : QObject(parent)
{
    qRegisterMetaType<ProgressSnapshot>();
    m_timer.setInterval(kPollMs);
    connect(&m_timer, &QTimer::timeout, this, &JobController::poll);
}

JobController::~JobController()
{
    // First ask all of them, then wait: they end together. Posted deliveries die with this object.
    if (m_current)
        m_stale.push_back(std::move(m_current));
    for (const auto& job : m_stale)
        job->thread.request_stop();
    for (const auto& job : m_stale)
        if (job->thread.joinable())
            job->thread.join();
}

void JobController::launch(std::function<Delivery(const JobContext&)> work)
{
    const bool wasRunning = isRunning();
    if (wasRunning) {
        m_current->thread.request_stop();
        m_stale.push_back(std::move(m_current));
    }
    auto job = std::make_shared<Job>();
    m_current = job;
    m_clock.start();
    job->thread = std::jthread([this, job = job.get(), work = std::move(work)](std::stop_token stop) {
        Delivery delivery = work(JobContext{std::move(stop), &job->progress});
        post(this, [this, job, delivery = std::move(delivery)] {
            const auto owns = [job](const std::shared_ptr<Job>& each) { return each.get() == job; };
            const auto stale = std::find_if(m_stale.begin(), m_stale.end(), owns);
            if (stale != m_stale.end())
                m_stale.erase(stale); // joins: the thread has nothing left to do
            else if (m_current && owns(m_current))
                finish(delivery);
        });
    });
    m_timer.start();
    if (!wasRunning)
        Q_EMIT runningChanged(true);
}

void JobController::finish(const Delivery& delivery)
{
    poll();
    const std::shared_ptr<Job> job = std::exchange(m_current, nullptr);
    m_timer.stop();
    if (job->thread.joinable())
        job->thread.join();
    delivery(); // may start the next job
    if (!isRunning())
        Q_EMIT runningChanged(false);
}

void JobController::requestStop()
{
    if (m_current)
        m_current->thread.request_stop();
}

bool JobController::stopRequested() const
{
    return m_current && m_current->thread.get_stop_token().stop_requested();
}

void JobController::waitForEnd()
{
    if (m_current && m_current->thread.joinable())
        m_current->thread.join();
}

void JobController::poll()
{
    if (!m_current)
        return;
    Q_EMIT progressed(m_current->progress.snapshot());
    const std::vector<LogLine> lines = m_current->progress.logSince(m_current->linesSeen);
    if (lines.empty())
        return;
    m_current->linesSeen += lines.size();
    Q_EMIT logged(QList<LogLine>(lines.begin(), lines.end()));
}

} // namespace mantissa::ui
