// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/synthetic_model.h"
#include "ui/job_controller.h"

#include <QCoreApplication>
#include <QThread>

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>

using namespace mantissa;
using namespace mantissa::ui;
using mantissa::ui::test::waitFor;

namespace {
Result<int> untilStopped(const JobContext& job, std::atomic<bool>* ended = nullptr)
{
    while (!job.cancelled())
        std::this_thread::yield();
    if (ended != nullptr)
        *ended = true;
    return fail(ErrorCode::Cancelled, "stopped");
}
} // namespace

TEST_CASE("A job runs elsewhere and its result arrives here, once")
{
    JobController controller;
    int delivered = 0, value = 0;
    QThread* ranOn = nullptr;
    controller.start<int>(
        [&ranOn](const JobContext&) -> Result<int> {
            ranOn = QThread::currentThread();
            return 42;
        },
        [&](Result<int> result) {
            CHECK(QThread::currentThread() == controller.thread());
            ++delivered;
            value = result.value_or(-1);
        });
    CHECK(controller.isRunning());
    CHECK(delivered == 0); // never from inside start()
    REQUIRE(waitFor([&] { return !controller.isRunning(); }));
    QCoreApplication::processEvents();
    CHECK(delivered == 1);
    CHECK(value == 42);
    CHECK(ranOn != QThread::currentThread());
}

TEST_CASE("Exceptions become errors")
{
    JobController controller;
    std::optional<Error> error;
    controller.start<int>([](const JobContext&) -> Result<int> { throw std::runtime_error("oops"); },
        [&](Result<int> result) { error = result.error(); });
    REQUIRE(waitFor([&] { return error.has_value(); }));
    CHECK(error->code == ErrorCode::Internal);
    CHECK(error->message.find("oops") != std::string::npos);
}

TEST_CASE("A newer job makes the older one stale")
{
    JobController controller;
    std::atomic<bool> firstEnded{false};
    int first = 0, second = 0;
    controller.start<int>(
        [&](const JobContext& job) { return untilStopped(job, &firstEnded); }, [&](Result<int>) { ++first; });
    controller.start<int>([](const JobContext&) -> Result<int> { return 2; }, [&](Result<int>) { ++second; });
    REQUIRE(waitFor([&] { return second == 1 && firstEnded; }));
    QCoreApplication::processEvents();
    CHECK(first == 0);
    CHECK(second == 1);
}

TEST_CASE("A request to stop is delivered as Cancelled")
{
    JobController controller;
    std::optional<ErrorCode> code;
    controller.start<int>([](const JobContext& job) { return untilStopped(job); },
        [&](Result<int> result) { code = result.error().code; });
    controller.requestStop();
    CHECK(controller.stopRequested());
    REQUIRE(waitFor([&] { return code.has_value(); }));
    CHECK(*code == ErrorCode::Cancelled);
}

TEST_CASE("The destructor stops and joins, and delivers nothing")
{
    std::atomic<bool> ended{false};
    int delivered = 0;
    {
        JobController controller;
        controller.start<int>([&](const JobContext& job) { return untilStopped(job, &ended); },
            [&](Result<int>) { ++delivered; });
    }
    CHECK(ended);
    QCoreApplication::processEvents();
    CHECK(delivered == 0);
}

TEST_CASE("Progress comes at most twenty times a second, log lines all of them")
{
    JobController controller;
    int updates = 0, lines = 0;
    std::uint64_t last = 0;
    QObject::connect(
        &controller, &JobController::progressed, &controller, [&](const ProgressSnapshot& snapshot) {
            ++updates;
            last = snapshot.bytesDone;
        });
    QObject::connect(&controller, &JobController::logged, &controller,
        [&](const QList<LogLine>& list) { lines += static_cast<int>(list.size()); });
    bool done = false;
    QElapsedTimer clock;
    clock.start();
    controller.start<int>(
        [](const JobContext& job) -> Result<int> {
            job.progress->start("encoding", 100'000, 100);
            QElapsedTimer running;
            running.start();
            for (int step = 0; step < 1000; ++step)
                job.progress->addBytes(100);
            for (int line = 0; line < 50; ++line)
                job.progress->log(LogLevel::Info, "line");
            while (running.elapsed() < 300)
                std::this_thread::yield();
            return 0;
        },
        [&](Result<int>) { done = true; });
    REQUIRE(waitFor([&] { return done; }));
    CHECK(last == 100'000);
    CHECK(lines == 50);
    CHECK(updates >= 1);
    CHECK(updates <= clock.elapsed() / 50 + 2);
}

TEST_CASE("A delivery may start the next job")
{
    JobController controller;
    int chain = 0;
    controller.start<int>([](const JobContext&) -> Result<int> { return 1; },
        [&](Result<int>) {
            ++chain;
            controller.start<int>(
                [](const JobContext&) -> Result<int> { return 2; }, [&](Result<int>) { ++chain; });
        });
    REQUIRE(waitFor([&] { return chain == 2; }));
}
