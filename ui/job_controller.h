// SPDX-License-Identifier: GPL-3.0-or-later
// The only bridge between the window and the engine: runs engine work on a thread of its own and brings
// progress, log lines and the result back to the window's thread.
//
// Thread rule: create, use and destroy on the window's thread; only `work` runs elsewhere.
#pragma once

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/base/shortage.h"

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace mantissa::ui {

/// One controller runs one kind of work. A newer job stops the older one and makes its result stale: `done`
/// of a stale job is never called. `done` of every other job is called exactly once, on the window's thread.
class JobController : public QObject {
    Q_OBJECT
public:
    explicit JobController(QObject* parent = nullptr);
    /// Requests stop and joins; nothing is delivered any more.
    ~JobController() override;

    /// Starts `work` on a thread; its result goes to `done`. An exception out of `work` becomes an Internal
    /// error.
    template <typename T>
    void start(std::function<Result<T>(const JobContext&)> work, std::function<void(Result<T>)> done)
    {
        launch([work = std::move(work), done = std::move(done)](const JobContext& job) -> Delivery {
            auto result = std::make_shared<Result<T>>(guarded<T>(work, job));
            return [result, done] { done(std::move(*result)); };
        });
    }

    bool isRunning() const { return m_current != nullptr; }
    /// Asks the running job to stop. Returns at once; `done` still follows, as a rule with a Cancelled error.
    void requestStop();
    bool stopRequested() const;
    /// Waits for the running job's work; its result is still delivered by the event loop.
    void waitForEnd();
    /// Milliseconds since the running (or last) job started.
    qint64 elapsedMs() const { return m_clock.isValid() ? m_clock.elapsed() : 0; }

Q_SIGNALS:
    /// At most 20 times a second while a job runs, and once when it ends.
    void progressed(const mantissa::ProgressSnapshot& snapshot);
    void logged(const QList<mantissa::LogLine>& lines);
    void runningChanged(bool running);

private:
    using Delivery = std::function<void()>;
    struct Job;

    template <typename T>
    static Result<T> guarded(const std::function<Result<T>(const JobContext&)>& work, const JobContext& job)
    {
        try {
            return work(job);
        } catch (...) {
            return tl::unexpected(errorOfException());
        }
    }

    void launch(std::function<Delivery(const JobContext&)> work);
    void poll();
    void finish(const Delivery& delivery); ///< of the current job

    std::shared_ptr<Job> m_current;
    std::vector<std::shared_ptr<Job>> m_stale; ///< stopped, not yet ended
    QTimer m_timer;
    QElapsedTimer m_clock;
};

} // namespace mantissa::ui

Q_DECLARE_METATYPE(mantissa::ProgressSnapshot)
