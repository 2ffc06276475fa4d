// SPDX-License-Identifier: GPL-3.0-or-later
// The worker's side of job_worker.h.
#include "ui/job_worker.h"

#include "engine/base/crash_report.h"
#include "engine/compare/lpips.h"
#include "ui/crash_folder.h"
#include "ui/job_messages.h"
#include "ui/text.h"

#include <QCoreApplication>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mantissa::ui {

namespace {

constexpr int kLookMs = 40; // as often as the window looks
constexpr std::chrono::milliseconds kTellInterval{50};

/// Lines of standard input. Thread rule: one thread at a time.
class Listener {
public:
    /// The next line, without its break; empty where the input ended or `end` was asked for.
    std::optional<QByteArray> next(const std::stop_token& end = {})
    {
        while (!m_text.contains('\n')) {
            pollfd input{STDIN_FILENO, POLLIN, 0};
            while (::poll(&input, 1, kLookMs) <= 0)
                if (end.stop_requested())
                    return std::nullopt;
            std::array<char, 1 << 16> bytes{};
            const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
            if (n <= 0)
                return std::nullopt;
            m_text.append(bytes.data(), n);
        }
        const qsizetype length = m_text.indexOf('\n');
        QByteArray line = m_text.left(length);
        m_text.remove(0, length + 1);
        return line;
    }

private:
    QByteArray m_text;
};

/// What a comparison tells while it runs: every pair and variant, and the newest preview. Thread-safe.
class News {
public:
    ComparisonWatcher watcher()
    {
        const auto tell = [this](std::size_t variant, std::size_t pair, const auto& what) {
            add({variant, pair, what});
        };
        return {
            tell, tell, [tell](std::size_t variant, const ComparedVariant& what) { tell(variant, 0, what); }};
    }
    /// What was not taken yet, in its order.
    std::vector<ComparisonNews> take()
    {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_news, {});
    }

private:
    void add(ComparisonNews news)
    {
        const auto isPreview
            = [](const ComparisonNews& each) { return std::holds_alternative<Picture>(each.what); };
        const std::scoped_lock lock(m_mutex);
        if (isPreview(news))
            std::erase_if(m_news, isPreview);
        m_news.push_back(std::move(news));
    }

    std::mutex m_mutex;
    std::vector<ComparisonNews> m_news;
};

/// What is to be seen of the work beside progress and log.
struct Shown {
    std::shared_ptr<LiveFeed> feed = std::make_shared<LiveFeed>();
    std::atomic<bool> watched{false}; ///< the feed, by the window
    News news;
};

/// Does what the window says until `end` is asked for, and asks for a stop where it is gone.
void listen(Listener& lines, const std::stop_token& end, std::stop_source& stop, Shown& shown)
{
    while (const auto line = lines.next(end)) {
        if (*line == kStopLine) {
            stop.request_stop();
        } else if (auto watched = watchedFrom(*line)) {
            shown.feed->choose(std::move(watched->layer), std::move(watched->others));
            shown.watched = true;
        }
    }
    stop.request_stop();
}

/// Writes lines to the window, on threads that may wait for it: never on that of the job. Thread-safe.
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
    /// Of views only the newest: those that came while the window did not read are lost.
    void tellNews(const Progress& progress, Shown& shown)
    {
        for (const LogLine& line : progress.logSince(m_told)) {
            noteForCrash(line.text);
            tell(line);
            ++m_told;
        }
        tell(progress.snapshot());
        for (ComparisonNews& news : shown.news.take())
            tell(std::move(news));
        if (shown.watched)
            tellViews(*shown.feed);
    }

private:
    void tellViews(LiveFeed& feed)
    {
        std::optional<LiveView> view = feed.take();
        if (!view)
            return;
        LiveViews news{std::move(*view), feed.takeOthers(), std::nullopt};
        if (std::vector<std::string> layers = feed.layers(); layers != m_layers) {
            m_layers = std::move(layers);
            news.layers = m_layers;
        }
        tell(news);
    }

    std::mutex m_mutex;
    int m_channel;
    std::size_t m_told = 0;
    std::vector<std::string> m_layers; ///< as they were told
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

Result<JobOutcome> compare(const PictureJob& job, const JobContext& context, const ComparisonWatcher& watcher)
{
    std::vector<std::filesystem::path> weights;
    for (const QString& file : job.record.lpips)
        weights.push_back(toPath(file));
    if (!weights.empty())
        if (Status used = useLpips(weights); !used)
            return forward(std::move(used));
    auto compared = comparePictures(job, context, watcher);
    if (!compared)
        return forward(std::move(compared));
    JobOutcome outcome;
    outcome.compared = std::make_shared<const Comparison>(std::move(*compared));
    return outcome;
}

using Work = std::function<Result<JobOutcome>(const JobContext&)>;

/// What the order says; empty where it is none.
Work workOf(const QByteArray& order, Shown& shown)
{
    if (auto jobs = parseQueue(order); jobs && jobs->size() == 1) {
        QueuedJob& job = jobs->front();
        setCrashFile(toStd(job.source));
        job.feed = shown.feed;
        return [job = std::move(job)](const JobContext& context) { return runQueuedJob(job, context); };
    }
    if (auto pictures = pictureJobFrom(order)) {
        setCrashFile(toStd(pictures->record.variants.front().file));
        return [job = std::move(*pictures), watcher = shown.news.watcher()](
                   const JobContext& context) { return compare(job, context, watcher); };
    }
    return {};
}

Result<JobOutcome> runGuarded(const Work& work, const JobContext& context)
{
    try {
        return work(context);
    } catch (...) {
        return tl::unexpected(errorOfException());
    }
}

} // namespace

int workerMain(int& argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    nameStudio();
    const int channel = ::dup(STDOUT_FILENO);
    ::dup2(STDERR_FILENO, STDOUT_FILENO); // what libraries print does not belong between our lines
    ::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(installStudioCrashReports()); // without them, the job runs all the same
    prepareForNoMemory(channel);
    Listener lines;
    Shown shown;
    const Work work = workOf(lines.next().value_or(QByteArray()), shown);
    if (!work) {
        std::fputs(
            "mantissa-studio: this is how the window runs its jobs; start it without options\n", stderr);
        return static_cast<int>(ErrorCode::Usage);
    }
    Progress progress;
    std::stop_source stop;
    Teller teller(channel);
    Result<JobOutcome> outcome = tl::unexpected(Error{});
    {
        const std::jthread listener([&](const std::stop_token& end) { listen(lines, end, stop, shown); });
        const std::jthread reporter([&](const std::stop_token& end) {
            std::mutex mutex;
            std::condition_variable_any wake;
            while (!end.stop_requested()) {
                teller.tellNews(progress, shown);
                std::unique_lock lock(mutex);
                wake.wait_for(lock, end, kTellInterval, [] { return false; });
            }
        });
        outcome = runGuarded(work, JobContext{stop.get_token(), &progress});
    }
    teller.tellNews(progress, shown);
    teller.tell(outcome);
    return outcome ? 0 : static_cast<int>(outcome.error().code);
}

} // namespace mantissa::ui
