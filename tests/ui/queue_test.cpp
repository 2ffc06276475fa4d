// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/resource.h"
#include "tests/ui/support/synthetic_model.h"
#include "ui/job_logs.h"
#include "ui/models/load_model.h"
#include "ui/models/log_model.h"
#include "ui/notifier.h"
#include "ui/presenters/job_queue.h"
#include "ui/text.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

QString sample()
{
    return fromPath(resourcePath("sample/tiny-sd.safetensors").value());
}

QueuedJob exportJob(const QString& output)
{
    QueuedJob job;
    job.source = sample();
    job.output = output;
    job.plan.base.format = "float8_e4m3fn";
    job.plan.rules.push_back({"attn2", Choice{}, "user", "why not"});
    return job;
}

QueuedJob::State stateOf(JobQueue& queue, int row)
{
    return queue.model()->jobs()[static_cast<std::size_t>(row)].state;
}

void waitUntilIdle(JobQueue& queue)
{
    REQUIRE(waitFor([&] { return !queue.isRunning(); }, 60000));
}

} // namespace

TEST_CASE("A queue keeps every setting of its jobs")
{
    QueuedJob a = exportJob(QStringLiteral("/tmp/a.safetensors"));
    a.id = QStringLiteral("a");
    a.overrides.architecture = "sdxl";
    a.overwrite = a.resume = a.allowNonFinite = a.measureErrors = true;
    a.statistics = QStringLiteral("/tmp/s.safetensors");
    a.plan.recipe = "balanced";
    a.message = QStringLiteral("how it ended");
    a.state = QueuedJob::State::Failed;
    QueuedJob b;
    b.id = QStringLiteral("b");
    b.kind = QueuedJob::Kind::Calibrate;
    b.source = a.source;
    b.output = QStringLiteral("/tmp/b.safetensors");
    b.calibration.prompts = {"a \"red\" cube", "zwei Würfel"};
    b.calibration.steps = 7;
    b.calibration.seed = 0xfedc'ba98'7654'3210ULL;
    b.calibration.sizes = {{64, 96}, {96, 64}};
    b.calibration.frames = 5;
    b.calibration.cfg = 4.5;
    b.calibration.sampler = "heun";
    b.calibration.scheduler = "karras";
    b.calibration.components = {"diffusion_model", "text_encoder"};
    b.calibration.randomData = true;
    b.device = "cuda";
    b.memoryLimit = std::uint64_t{3} << 40;
    b.state = QueuedJob::State::Running;

    QueuedJob c;
    c.id = QStringLiteral("c");
    c.kind = QueuedJob::Kind::Convert;
    c.source = a.source;
    c.output = QStringLiteral("/tmp/c.safetensors");
    c.state = QueuedJob::State::Paused;
    c.shortage = Shortage::Disk;

    const auto back = parseQueue(toJson({a, b, c}));
    REQUIRE(back.has_value());
    REQUIRE(back->size() == 3);
    CHECK(back->back().kind == QueuedJob::Kind::Convert);
    CHECK(back->back().state == QueuedJob::State::Paused);
    CHECK(back->back().shortage == Shortage::Disk);
    CHECK(back->back().canResume());
    const QueuedJob& first = back->front();
    CHECK(first.plan == a.plan);
    CHECK(first.overrides.architecture == "sdxl");
    CHECK((first.overwrite && first.resume && first.allowNonFinite && first.measureErrors));
    CHECK(first.statistics == a.statistics);
    CHECK(first.state == QueuedJob::State::Failed);
    CHECK(first.message == a.message);
    const QueuedJob& second = (*back)[1];
    CHECK(second.calibration.prompts == b.calibration.prompts);
    CHECK(second.calibration.steps == 7);
    CHECK(second.calibration.seed == b.calibration.seed);
    CHECK(second.calibration.sizes == b.calibration.sizes);
    CHECK(second.calibration.frames == 5);
    CHECK(second.calibration.cfg == 4.5);
    CHECK(second.calibration.sampler == "heun");
    CHECK(second.calibration.scheduler == "karras");
    CHECK(second.calibration.components == b.calibration.components);
    CHECK(second.calibration.randomData);
    const auto request = second.calibrationRequest();
    CHECK(request.sizes == b.calibration.sizes);
    CHECK(request.output == "/tmp/b.safetensors");
    CHECK(second.device == "cuda");
    CHECK(second.memoryLimit == b.memoryLimit);
    CHECK(second.state == QueuedJob::State::Interrupted); // it ran when the text was written
    CHECK(second.canResume());

    // A queue of an older version says less of a calibration.
    const auto older = parseQueue(R"({"mantissa_queue":1,"jobs":[{"id":"x","kind":"calibrate","source":"a",
        "output":"b","prompts":["one"],"steps":3,"seed":"4"}]})");
    REQUIRE(older.has_value());
    CHECK(older->front().calibration.cfg < 0);
    CHECK(older->front().calibration.components == std::vector<std::string>{"diffusion_model"});
    CHECK(older->front().calibration.sizes.empty());

    for (const char* text : {"", "[]", "{\"mantissa_queue\":9}", "{\"mantissa_queue\":1,\"jobs\":[{}]}",
             "{\"mantissa_queue\":1,\"jobs\":[{\"id\":\"x\",\"kind\":\"export\",\"source\":\"a\",\"output\":"
             "\"b\",\"plan\":{}}]}"}) {
        INFO(text);
        const auto wrong = parseQueue(text);
        CHECK_FALSE(wrong.has_value());
    }
}

TEST_CASE("Jobs run one after the other, and the file follows every change")
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("state/queue.json"));
    JobQueue queue(folder.filePath(QStringLiteral("state")));
    QAbstractItemModelTester tester(queue.model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    QSignalSpy loaded(&queue, &JobQueue::loaded);
    REQUIRE(waitFor([&] { return loaded.count() == 1; }));
    queue.setHeld(true);
    queue.enqueue(exportJob(folder.filePath(QStringLiteral("a.safetensors"))));
    queue.enqueue(exportJob(folder.filePath(QStringLiteral("b.safetensors"))));
    QueuedJob missing = exportJob(folder.filePath(QStringLiteral("c.safetensors")));
    missing.source = folder.filePath(QStringLiteral("not-there.safetensors"));
    queue.enqueue(missing);
    CHECK_FALSE(queue.isRunning());
    queue.moveBy(1, -1); // b first
    CHECK(queue.model()->index(0, QueueModel::Output).data() == "b.safetensors");
    queue.setHeld(false);
    CHECK(queue.isRunning());
    REQUIRE(waitFor([&] { return stateOf(queue, 2) == QueuedJob::State::Failed; }, 60000));
    CHECK(stateOf(queue, 0) == QueuedJob::State::Done);
    CHECK(stateOf(queue, 1) == QueuedJob::State::Done);
    CHECK(QFile::exists(folder.filePath(QStringLiteral("a.safetensors"))));
    CHECK(queue.model()->jobs()[2].message.endsWith(QLatin1Char('.')));
    CHECK(queue.model()->jobs()[0].model == nullptr);
    queue.clearFinished();
    REQUIRE(queue.model()->rowCount() == 1);
    REQUIRE(waitFor([&] {
        const auto text = readWhole(file, 1 << 20);
        const auto jobs = text ? parseQueue(*text) : Result<std::vector<QueuedJob>>(tl::unexpect, Error{});
        return jobs && jobs->size() == 1;
    }));
    queue.remove(0);
    CHECK(queue.model()->rowCount() == 0);
}

TEST_CASE("A queue comes back after a crash and goes on only when asked")
{
    const QTemporaryDir folder;
    const QString state = folder.filePath(QStringLiteral("state"));
    QueuedJob job = exportJob(folder.filePath(QStringLiteral("out.safetensors")));
    job.id = QStringLiteral("crashed");
    job.state = QueuedJob::State::Running;
    REQUIRE(writeWhole(state + QStringLiteral("/queue.json"), toJson({job})).has_value());

    JobQueue queue(state);
    QSignalSpy loaded(&queue, &JobQueue::loaded);
    REQUIRE(waitFor([&] { return loaded.count() == 1; }));
    CHECK(loaded.front().front().toInt() == 1);
    CHECK(stateOf(queue, 0) == QueuedJob::State::Interrupted);
    CHECK(queue.isHeld());
    CHECK_FALSE(queue.isRunning());
    // Another window leaves the file alone, and has one of its own.
    JobQueue second(state);
    QSignalSpy secondLoaded(&second, &JobQueue::loaded);
    REQUIRE(waitFor([&] { return secondLoaded.count() == 1; }));
    CHECK(second.model()->rowCount() == 0);
    REQUIRE(waitFor([&] { return QFile::exists(state + QStringLiteral("/queue-2.json")); }));

    queue.resume(0);
    queue.setHeld(false);
    waitUntilIdle(queue);
    CHECK(stateOf(queue, 0) == QueuedJob::State::Done);
    CHECK(QFile::exists(job.output));
}

TEST_CASE("Windows do not write each other's queue, and the next one takes over what they left")
{
    const QTemporaryDir folder;
    const QString state = folder.filePath(QStringLiteral("state"));
    const auto read = [&](const char* name) {
        const auto text = readWhole(state + QLatin1Char('/') + QLatin1String(name), 1 << 20);
        const auto jobs = text ? parseQueue(*text) : Result<std::vector<QueuedJob>>(tl::unexpect, Error{});
        return jobs ? static_cast<int>(jobs->size()) : -1;
    };
    const auto opened = [&] {
        auto queue = std::make_unique<JobQueue>(state);
        QSignalSpy loaded(queue.get(), &JobQueue::loaded);
        REQUIRE(waitFor([&] { return loaded.count() == 1; }));
        queue->setHeld(true);
        return queue;
    };
    auto first = opened(), second = opened(), third = opened();
    first->enqueue(exportJob(folder.filePath(QStringLiteral("a.safetensors"))));
    second->enqueue(exportJob(folder.filePath(QStringLiteral("b.safetensors"))));
    second->enqueue(exportJob(folder.filePath(QStringLiteral("c.safetensors"))));
    third->enqueue(exportJob(folder.filePath(QStringLiteral("d.safetensors"))));
    REQUIRE(waitFor(
        [&] { return read("queue.json") == 1 && read("queue-2.json") == 2 && read("queue-3.json") == 1; }));

    second.reset();
    third.reset();
    auto next = opened(); // the first is still open
    CHECK(next->model()->rowCount() == 3);
    REQUIRE(waitFor([&] { return read("queue-2.json") == 3 && read("queue-3.json") == -1; }));
    CHECK(read("queue.json") == 1);
    CHECK(first->model()->rowCount() == 1);

    next.reset();
    first.reset();
    auto last = opened();
    CHECK(last->model()->rowCount() == 4);
    REQUIRE(waitFor([&] { return read("queue.json") == 4 && read("queue-2.json") == -1; }));
}

TEST_CASE("Choices follow what ran out")
{
    using Choices = std::vector<PausedChoice>;
    QueuedJob job = exportJob(QStringLiteral("/tmp/a.safetensors"));
    job.state = QueuedJob::State::Paused;
    job.shortage = Shortage::Memory;
    CHECK(choicesFor(job) == Choices{PausedChoice::SmallerBudget, PausedChoice::Again});
    const QueuedJob smaller = withChoice(job, PausedChoice::SmallerBudget);
    CHECK(smaller.memoryLimit == WriteOptions().memoryLimit / 2);
    CHECK(smaller.writeOptions().memoryLimit == smaller.memoryLimit);
    CHECK((smaller.resume && smaller.state == QueuedJob::State::Waiting && !smaller.shortage));
    CHECK(withChoice(smaller, PausedChoice::SmallerBudget).memoryLimit == WriteOptions().memoryLimit / 4);
    job.memoryLimit = 20 << 20; // half of it holds no block
    CHECK(choicesFor(job) == Choices{PausedChoice::Again});

    job.shortage = Shortage::Disk;
    job.resume = true;
    CHECK(choicesFor(job) == Choices{PausedChoice::Again, PausedChoice::Elsewhere});
    const QueuedJob moved = withChoice(job, PausedChoice::Elsewhere, QStringLiteral("/mnt/b.safetensors"));
    CHECK(moved.output == "/mnt/b.safetensors");
    CHECK_FALSE(moved.resume);

    job.kind = QueuedJob::Kind::Calibrate;
    job.device = "cuda";
    job.memoryLimit = 0;
    job.shortage = Shortage::Device;
    CHECK(choicesFor(job) == Choices{PausedChoice::UseCpu, PausedChoice::Again});
    CHECK(withChoice(job, PausedChoice::UseCpu).device == "cpu");
    CHECK(smallerBudget(job, std::uint64_t{64} << 30) == std::uint64_t{32} << 30);
    CHECK(smallerBudget(job, 0) == 0);
}

TEST_CASE("The table of loaders follows formats and GPU")
{
    LoadModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const int columns = model.columnCount();
    REQUIRE(model.rowCount() == static_cast<int>(knownLoaders().size()));
    model.setFormats({{"nvfp4", true, {}, 12}});
    model.setGpu(findGpu("5090").value());
    CHECK(model.columnCount() == columns + 1);
    const QModelIndex cell = model.index(1, 0); // ComfyUI 0.29 on the person's own
    CHECK(cell.data(LoadModel::VerdictRole).toInt() == static_cast<int>(LoadVerdict::Native));
    CHECK(cell.data().toString() == "native");
    CHECK_FALSE(cell.data(Qt::DecorationRole).isNull()); // not by colour, not by text alone
    CHECK(cell.data(Qt::ToolTipRole).toString().contains("12 layers"));
    CHECK(cell.data(Qt::AccessibleTextRole).toString().contains("5090"));
    model.setGpu(findGpu("4090").value());
    CHECK(model.index(1, 0).data().toString() == "emulated");
    CHECK(model.summary().contains("4090"));
    model.setFormats({{"float8_e4m3fn_rowwise", true, {}, 1}});
    CHECK(model.index(1, 0).data().toString() == "refused");
}

TEST_CASE("The log is bounded and is written as text")
{
    LogModel log;
    QAbstractItemModelTester tester(&log, QAbstractItemModelTester::FailureReportingMode::Fatal);
    log.add(QStringLiteral("job"), {{LogLevel::Warning, "something is odd", "block.1.attn"}});
    CHECK(log.index(0, LogModel::LayerName).data() == "block.1.attn");
    CHECK(log.asText().contains("warning\tjob\tsomething is odd\tblock.1.attn"));
    QList<LogLine> many;
    for (int idx = 0; idx < LogModel::kMost; ++idx)
        many << LogLine{LogLevel::Info, std::string("line ").append(std::to_string(idx)), {}};
    log.add(QStringLiteral("job"), many);
    CHECK(log.rowCount() == LogModel::kMost);
    CHECK(log.index(log.rowCount() - 1, LogModel::Text)
              .data()
              .toString()
              .endsWith(QString::number(LogModel::kMost - 1)));
}

TEST_CASE("The log knows its jobs, and forgets those whose messages are gone")
{
    LogModel log;
    const QSignalSpy changes(&log, &LogModel::jobsChanged);
    log.add(QStringLiteral("one"), {{LogLevel::Info, "a", {}}, {LogLevel::Info, "b", {}}});
    log.add(QStringLiteral("two"), {{LogLevel::Info, "c", {}}});
    log.add(QStringLiteral("one"), {{LogLevel::Info, "d", {}}});
    CHECK(log.jobs() == QStringList{QStringLiteral("one"), QStringLiteral("two")});
    CHECK(changes.count() == 2);
    QList<LogLine> many;
    for (int idx = 0; idx < LogModel::kMost - 1; ++idx)
        many << LogLine{LogLevel::Info, "x", {}};
    log.add(QStringLiteral("three"), many); // one message of those before has room
    CHECK(log.jobs() == QStringList{QStringLiteral("one"), QStringLiteral("three")});
    log.clear();
    CHECK(log.jobs().isEmpty());
}

TEST_CASE("Each job has a log file of its own, bounded in size and number")
{
    const QTemporaryDir folder;
    const QString logs = folder.filePath(QStringLiteral("logs"));
    const auto read = [](const QString& name) {
        QFile file(name);
        REQUIRE(file.open(QIODevice::ReadOnly));
        return file.readAll();
    };
    {
        JobLogs writer(logs);
        writer.append(QStringLiteral("a"), {{LogLevel::Warning, "something is odd", "block.1"}});
        writer.append(QStringLiteral("b"), {{LogLevel::Info, "of another job", {}}});
        writer.append(QStringLiteral("a"), {{LogLevel::Info, "then", {}}});
        writer.flush();
        const QByteArrayList lines = read(writer.fileOf(QStringLiteral("a"))).split('\n');
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].endsWith("\twarning\tsomething is odd\tblock.1"));
        CHECK(lines[1].endsWith("\tinfo\tthen"));

        for (int idx = 0; idx < 40; ++idx)
            writer.append(QStringLiteral("a"),
                {{LogLevel::Info, std::to_string(idx).append(JobLogs::kMostBytes / 16, 'x'), {}}});
    } // waits for the writing
    const QByteArray text = read(logs + QStringLiteral("/a.log"));
    CHECK(text.size() <= JobLogs::kMostBytes);
    CHECK(text.size() > JobLogs::kMostBytes / 4);
    CHECK(text.startsWith("(older messages were dropped)\n2")); // then a whole line, of a year after 2000
    CHECK(text.contains("\tinfo\t39x")); // the newest is there
    CHECK_FALSE(text.contains("something is odd"));

    for (int idx = 0; idx < JobLogs::kMostFiles + 3; ++idx) {
        QFile file(logs + QStringLiteral("/old%1.log").arg(idx));
        REQUIRE(file.open(QIODevice::WriteOnly));
        file.setFileTime(
            QDateTime::currentDateTime().addDays(-1).addSecs(idx), QFileDevice::FileModificationTime);
    }
    JobLogs writer(logs);
    writer.prune();
    writer.flush();
    CHECK(QDir(logs).entryList({QStringLiteral("*.log")}).size() == JobLogs::kMostFiles);
    CHECK(QFile::exists(writer.fileOf(QStringLiteral("a"))));
    CHECK(QFile::exists(writer.fileOf(QStringLiteral("b"))));
    CHECK_FALSE(QFile::exists(writer.fileOf(QStringLiteral("old0"))));
}

TEST_CASE("Only long jobs that nobody watches are worth a notification")
{
    CHECK(deservesNotification(31'000, false));
    CHECK_FALSE(deservesNotification(31'000, true));
    CHECK_FALSE(deservesNotification(5'000, false));
}
