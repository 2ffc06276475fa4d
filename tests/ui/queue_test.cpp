// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/resource.h"
#include "tests/ui/support/synthetic_model.h"
#include "ui/models/load_model.h"
#include "ui/models/log_model.h"
#include "ui/notifier.h"
#include "ui/presenters/job_queue.h"
#include "ui/text.h"

#include <QAbstractItemModelTester>
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
    b.calibration.cfg = 4.5;
    b.calibration.sampler = "heun";
    b.calibration.scheduler = "karras";
    b.calibration.components = {"diffusion_model", "text_encoder"};
    b.calibration.randomData = true;
    b.state = QueuedJob::State::Running;

    const auto back = parseQueue(toJson({a, b}));
    REQUIRE(back.has_value());
    REQUIRE(back->size() == 2);
    const QueuedJob& first = back->front();
    CHECK(first.plan == a.plan);
    CHECK(first.overrides.architecture == "sdxl");
    CHECK((first.overwrite && first.resume && first.allowNonFinite && first.measureErrors));
    CHECK(first.statistics == a.statistics);
    CHECK(first.state == QueuedJob::State::Failed);
    CHECK(first.message == a.message);
    const QueuedJob& second = back->back();
    CHECK(second.calibration.prompts == b.calibration.prompts);
    CHECK(second.calibration.steps == 7);
    CHECK(second.calibration.seed == b.calibration.seed);
    CHECK(second.calibration.sizes == b.calibration.sizes);
    CHECK(second.calibration.cfg == 4.5);
    CHECK(second.calibration.sampler == "heun");
    CHECK(second.calibration.scheduler == "karras");
    CHECK(second.calibration.components == b.calibration.components);
    CHECK(second.calibration.randomData);
    const auto request = second.calibrationRequest();
    CHECK(request.sizes == b.calibration.sizes);
    CHECK(request.output == "/tmp/b.safetensors");
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
    // Another window leaves the file alone.
    JobQueue second(state);
    QSignalSpy secondLoaded(&second, &JobQueue::loaded);
    REQUIRE(waitFor([&] { return secondLoaded.count() == 1; }));
    CHECK(second.model()->rowCount() == 0);

    queue.resume(0);
    queue.setHeld(false);
    waitUntilIdle(queue);
    CHECK(stateOf(queue, 0) == QueuedJob::State::Done);
    CHECK(QFile::exists(job.output));
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

TEST_CASE("Only long jobs that nobody watches are worth a notification")
{
    CHECK(deservesNotification(31'000, false));
    CHECK_FALSE(deservesNotification(31'000, true));
    CHECK_FALSE(deservesNotification(5'000, false));
}
