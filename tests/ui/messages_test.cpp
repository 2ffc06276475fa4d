// SPDX-License-Identifier: GPL-3.0-or-later
// What window and worker say to each other, and a worker that is listened to.
#include "engine/base/resource.h"
#include "tests/ui/support/synthetic_model.h"
#include "ui/job_messages.h"
#include "ui/job_worker.h"
#include "ui/text.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <limits>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Two prompts with three steps each.
QueuedJob calibrationJob(const QString& output)
{
    QueuedJob job;
    job.id = QStringLiteral("calibration");
    job.kind = QueuedJob::Kind::Calibrate;
    job.source = fromPath(resourcePath("sample/tiny-sd.safetensors").value());
    job.output = output;
    job.calibration.prompts = {"a red circle", "a blue square"};
    job.calibration.steps = 3;
    return job;
}

/// What the other side reads of a message.
JobMessage through(const JobMessage& message)
{
    const QByteArray line = toLine(message);
    CHECK(line.endsWith('\n'));
    CHECK(line.count('\n') == 1);
    auto back = fromLine(line);
    REQUIRE(back.has_value());
    return *back;
}

/// With counts that no double has, and the floats at both ends.
LiveView someView(const char* layer, std::uint64_t seed)
{
    std::array<std::uint64_t, MagnitudeHistogram::kBins> counts{};
    for (std::size_t bin = 0; bin < counts.size(); ++bin)
        counts[bin] = seed * bin * bin;
    counts.front() = (std::uint64_t{1} << 62) + seed;
    counts.back() = (std::uint64_t{1} << 53) + 1;
    LiveView view;
    view.layer = layer;
    view.channels = 3;
    view.tokens = (std::uint64_t{1} << 61) + seed;
    view.histogram = MagnitudeHistogram::fromCounts(-7, counts).value();
    view.bucketLargest = {0.1f, std::numeric_limits<float>::max(), 0};
    view.channelAbsMax = {std::numeric_limits<float>::denorm_min(), 1.0f / 3, static_cast<float>(seed)};
    view.meanAbs = 0.1 + static_cast<double>(seed);
    view.stepsDone = 0xffff'fffe;
    view.stepsTotal = 0xffff'ffff;
    view.prompt = 4;
    view.prompts = 5;
    return view;
}

void checkSame(const LiveView& a, const LiveView& b)
{
    CHECK(a.layer == b.layer);
    CHECK(a.channels == b.channels);
    CHECK(a.tokens == b.tokens);
    CHECK(a.histogram == b.histogram);
    CHECK(a.bucketLargest == b.bucketLargest);
    CHECK(a.channelAbsMax == b.channelAbsMax);
    CHECK(a.meanAbs == b.meanAbs);
    CHECK((a.stepsDone == b.stepsDone && a.stepsTotal == b.stepsTotal));
    CHECK((a.prompt == b.prompt && a.prompts == b.prompts));
}

/// With values of every kind; `seed` makes two of them different.
ComparedPair somePair(std::uint64_t seed)
{
    ComparedPair pair;
    pair.name = "001-seed0";
    pair.prompt = "a \"red\" Würfel\n";
    pair.seed = (std::uint64_t{1} << 63) + seed; // no double has it
    pair.width = 3;
    pair.height = 2;
    pair.reference = "/tmp/ä.png";
    pair.test = "/tmp/b.png";
    pair.values = {0.1, std::nullopt, kInfinity, -0.0};
    pair.maps = {{"flip", "/tmp/map.png"}};
    pair.steps = {{14.6, 1.0 / 3, 0}, {1, -1, std::numeric_limits<double>::denorm_min()}};
    return pair;
}

void checkSame(const ComparedPair& a, const ComparedPair& b)
{
    CHECK(a.name == b.name);
    CHECK(a.prompt == b.prompt);
    CHECK(a.seed == b.seed);
    CHECK((a.width == b.width && a.height == b.height));
    CHECK((a.reference == b.reference && a.test == b.test));
    CHECK(a.values == b.values);
    CHECK(a.maps == b.maps);
    REQUIRE(a.steps.size() == b.steps.size());
    for (std::size_t i = 0; i < a.steps.size(); ++i) {
        CHECK(a.steps[i].sigma == b.steps[i].sigma);
        CHECK(a.steps[i].cosine == b.steps[i].cosine);
        CHECK(a.steps[i].relativeError == b.steps[i].relativeError);
    }
}

ComparedVariant someVariant()
{
    ComparedVariant variant;
    variant.name = "NVFP4";
    variant.bytes = (std::uint64_t{1} << 53) + 1;
    variant.secondsPerStep = 0.1;
    variant.gpuPeakBytes = 7;
    variant.timedEarlier = true;
    variant.made = 3;
    variant.reused = 4;
    variant.mean = {std::nullopt, 1.0 / 3};
    variant.pairs = {somePair(1), somePair(2)};
    variant.facts = {{"File", "/tmp/ä"}, {"File", ""}};
    variant.plan = "{\n}";
    variant.worstLayers = {{"a.b", "nvfp4", kInfinity}, {"c", "", -1.5}};
    return variant;
}

void checkSame(const ComparedVariant& a, const ComparedVariant& b)
{
    CHECK(a.name == b.name);
    CHECK(a.bytes == b.bytes);
    CHECK(a.secondsPerStep == b.secondsPerStep);
    CHECK(a.peakBytes == b.peakBytes);
    CHECK(a.gpuPeakBytes == b.gpuPeakBytes);
    CHECK(a.timedEarlier == b.timedEarlier);
    CHECK((a.made == b.made && a.reused == b.reused));
    CHECK(a.mean == b.mean);
    REQUIRE(a.pairs.size() == b.pairs.size());
    for (std::size_t i = 0; i < a.pairs.size(); ++i)
        checkSame(a.pairs[i], b.pairs[i]);
    CHECK(a.facts == b.facts);
    CHECK(a.plan == b.plan);
    REQUIRE(a.worstLayers.size() == b.worstLayers.size());
    for (std::size_t i = 0; i < a.worstLayers.size(); ++i) {
        CHECK(a.worstLayers[i].name == b.worstLayers[i].name);
        CHECK(a.worstLayers[i].format == b.worstLayers[i].format);
        CHECK(a.worstLayers[i].snrDb == b.worstLayers[i].snrDb);
    }
}

} // namespace

TEST_CASE("What a worker tells is understood, and nothing else is")
{
    const auto progress = std::get<ProgressSnapshot>(
        through(ProgressSnapshot{"encoding\n", std::uint64_t{1} << 60, std::uint64_t{1} << 61, 7, 9, "a.b"}));
    CHECK(progress.phase == "encoding\n");
    CHECK(progress.bytesDone == std::uint64_t{1} << 60);
    CHECK((progress.itemsDone == 7 && progress.itemsTotal == 9 && progress.current == "a.b"));
    const auto line = std::get<LogLine>(through(LogLine{LogLevel::Warning, "odd", "layer"}));
    CHECK((line.level == LogLevel::Warning && line.text == "odd" && line.layer == "layer"));
    const auto failed = std::get<Result<JobOutcome>>(through(
        Result<JobOutcome>(tl::unexpected(Error{ErrorCode::System, "full", "/x", std::string(kDiskHint)}))));
    REQUIRE_FALSE(failed.has_value());
    CHECK(shortageOf(failed.error()) == Shortage::Disk);
    CHECK(failed.error().where == "/x");
    for (const char* text : {"", "{}", "[1]", "libtorch: hello", "{\"other\":1}"})
        CHECK_FALSE(fromLine(text).has_value());
}

TEST_CASE("Live views come through to the last bit")
{
    const LiveView chosen = someView("a.b", 1), other = someView("c", 2);
    const auto back = std::get<LiveViews>(through(LiveViews{chosen, {other, chosen}, {{"a.b", "zwölf"}}}));
    checkSame(back.chosen, chosen);
    REQUIRE(back.others.size() == 2);
    checkSame(back.others[0], other);
    checkSame(back.others[1], chosen);
    CHECK(back.layers == std::vector<std::string>{"a.b", "zwölf"});

    // Layers are told where they changed; a view may be of nothing yet.
    const auto empty = std::get<LiveViews>(through(LiveViews{}));
    checkSame(empty.chosen, LiveView{});
    CHECK(empty.others.empty());
    CHECK_FALSE(empty.layers.has_value());

    QByteArray damaged = toLine(LiveViews{chosen, {}, std::nullopt});
    damaged.replace("\"bins\":\"", "\"bins\":\"AAAA"); // more bins than there are
    CHECK_FALSE(fromLine(damaged).has_value());
}

TEST_CASE("The report of a calibration comes through, warnings with their parts")
{
    CalibrationReport report;
    report.path = "/tmp/zwölf.safetensors";
    report.layers = 5;
    report.inputs = 4;
    report.prompts = 32;
    report.resumedPrompts = 3;
    report.tokens = (std::uint64_t{1} << 60) + 1; // no double has it
    report.spilledBytes = (std::uint64_t{1} << 53) + 1;
    report.seconds = 0.1;
    report.watchingSeconds = 1.0 / 3;
    report.savingSeconds = 2;
    report.liveSeconds = 1e-300;
    report.warnings = {sentence("{} got {} values that are not finite; they are left out", "a.b", 7)};
    const auto back = std::get<Result<JobOutcome>>(through(Result<JobOutcome>(
        JobOutcome{nullptr, nullptr, std::make_shared<const CalibrationReport>(report), nullptr})));
    REQUIRE((back.has_value() && back->calibrated && !back->written));
    const CalibrationReport& got = *back->calibrated;
    CHECK(got.path == report.path);
    CHECK((got.layers == 5 && got.inputs == 4 && got.prompts == 32 && got.resumedPrompts == 3));
    CHECK(got.tokens == report.tokens);
    CHECK(got.spilledBytes == report.spilledBytes);
    CHECK(got.seconds == report.seconds);
    CHECK(got.watchingSeconds == report.watchingSeconds);
    CHECK(got.savingSeconds == report.savingSeconds);
    CHECK(got.liveSeconds == report.liveSeconds);
    REQUIRE(got.warnings.size() == 1);
    CHECK(got.warnings.front().translatable() == report.warnings.front().translatable());
}

TEST_CASE("What the window watches is understood, and is no stop")
{
    const Watched watched{"a \"b\"\n", {"c", ""}};
    const QByteArray line = toLine(watched);
    CHECK(line.count('\n') == 1);
    CHECK(watchedFrom(line) == watched);
    CHECK(watchedFrom(toLine(Watched{})) == Watched{});
    for (const char* text : {"", "stop", "{}", "[\"watch\"]"})
        CHECK_FALSE(watchedFrom(text).has_value());
}

TEST_CASE("A worker calibrates, and shows the layers that are watched", "[torch]")
{
    const QTemporaryDir folder;
    const std::string block = "model.diffusion_model.input_blocks.5.1.transformer_blocks.0.";
    QueuedJob job = calibrationJob(folder.filePath(QStringLiteral("s.safetensors")));
    job.feed = std::make_shared<LiveFeed>();
    job.feed->choose(block + "attn1.to_q", {block + "attn2.to_k", "not there"});
    Progress progress;
    const auto outcome = runInWorker(job, JobContext{{}, &progress});
    INFO((outcome ? "" : outcome.error().message.c_str()));
    REQUIRE((outcome && outcome->calibrated));
    CHECK(outcome->calibrated->prompts == 2);
    CHECK(outcome->calibrated->path == toPath(job.output));
    CHECK(outcome->calibrated->tokens > 0);
    CHECK(QFile::exists(job.output));
    CHECK(progress.snapshot().itemsDone == 6);

    const auto layers = job.feed->layers();
    CHECK(std::count(layers.begin(), layers.end(), block + "attn1.to_q") == 1);
    const auto view = job.feed->take();
    REQUIRE(view.has_value());
    CHECK(view->layer == block + "attn1.to_q");
    CHECK(view->tokens > 0);
    CHECK(view->histogram.total() == view->tokens * view->channels);
    CHECK(view->prompts == 2);
    const auto others = job.feed->takeOthers();
    REQUIRE(others.size() == 1);
    CHECK(others.front().layer == block + "attn2.to_k");
    CHECK(others.front().histogram.total() == others.front().tokens * others.front().channels);
}

TEST_CASE("A window that does not read what a worker shows does not hold the run up", "[torch]")
{
    const QTemporaryDir folder;
    QueuedJob job = calibrationJob(folder.filePath(QStringLiteral("s.safetensors")));
    const auto model = detectModel(openCheckpoint(toPath(job.source)).value()).value();
    Watched watched;
    for (const Layer& layer : model->layers)
        if (layer.kind == LayerKind::Linear && layer.name.find("transformer_blocks") != std::string::npos
            && watched.others.size() < kMostLiveLayers)
            watched.others.push_back(layer.name);
    const QString pipe = folder.filePath(QStringLiteral("pipe"));
    REQUIRE(::mkfifo(pipe.toLocal8Bit().constData(), 0600) == 0);
    const int end = ::open(pipe.toLocal8Bit().constData(), O_RDWR | O_CLOEXEC);
    REQUIRE(end >= 0);
    QProcess worker;
    worker.setStandardOutputFile(pipe);
    worker.start(studioProgram(), {QString::fromLatin1(kWorkerOption)});
    worker.write(QJsonDocument::fromJson(toJson(std::vector{job})).toJson(QJsonDocument::Compact) + '\n');
    worker.write(toLine(watched));
    CHECK(waitFor([&] { return QFile::exists(job.output); }, 60000));
    CHECK(worker.state() == QProcess::Running); // what it has to tell is still with it
    int waiting = 0;
    CHECK(::ioctl(end, FIONREAD, &waiting) == 0);
    CHECK(waiting > 60'000); // the pipe is full: a message with so many views is longer
    ::close(end);
    CHECK(waitFor([&] { return worker.state() == QProcess::NotRunning; }, 30000));
    CHECK(worker.exitStatus() == QProcess::NormalExit);
}

TEST_CASE("Errors of a layer that has none come through")
{
    WriteReport report;
    report.layers.emplace_back().snrDb = kInfinity;
    report.layers.back().relativeError = 0;
    report.layers.emplace_back();
    const auto back = std::get<Result<JobOutcome>>(through(Result<JobOutcome>(
        JobOutcome{std::make_shared<const WriteReport>(report), nullptr, nullptr, nullptr})));
    REQUIRE((back && back->written && back->written->layers.size() == 2));
    CHECK(back->written->layers[0].snrDb == kInfinity);
    CHECK(back->written->layers[0].relativeError == 0.0);
    CHECK_FALSE(back->written->layers[1].snrDb.has_value());
}

TEST_CASE("A comparison comes through, as it grows and as a whole")
{
    const Picture picture{2, 1, {0, 127, 128, 255, 10, 13}};
    std::vector<std::string> calls;
    ComparisonWatcher watcher;
    watcher.preview = [&](std::size_t variant, std::size_t pair, const Picture& seen) {
        calls.push_back(fmt::format("preview {} {}", variant, pair));
        CHECK(seen == picture);
    };
    watcher.pairDone = [&](std::size_t variant, std::size_t pair, const ComparedPair& compared) {
        calls.push_back(fmt::format("pair {} {}", variant, pair));
        checkSame(compared, somePair(5));
    };
    watcher.variantDone = [&](std::size_t variant, const ComparedVariant& compared) {
        calls.push_back(fmt::format("variant {}", variant));
        checkSame(compared, someVariant());
    };
    const std::vector<ComparisonNews> news{{1, 2, picture}, {3, 4, somePair(5)}, {6, 0, someVariant()}};
    for (const ComparisonNews& each : news) {
        const auto back = std::get<ComparisonNews>(through(each));
        tell(watcher, back);
        tell({}, back); // nobody wants to know
    }
    CHECK(calls == std::vector<std::string>{"preview 1 2", "pair 3 4", "variant 6"});

    Comparison comparison;
    comparison.variants = {someVariant(), ComparedVariant{}};
    comparison.settings = {{"Size", "2 × 1"}};
    comparison.warnings = {sentence("{}: layers could not be compared: {}", "NVFP4", Sentence("cancelled"))};
    JobOutcome outcome;
    outcome.compared = std::make_shared<const Comparison>(comparison);
    const auto back = std::get<Result<JobOutcome>>(through(Result<JobOutcome>(outcome)));
    REQUIRE((back && back->compared && back->compared->variants.size() == 2));
    checkSame(back->compared->variants[0], comparison.variants[0]);
    checkSame(back->compared->variants[1], comparison.variants[1]);
    CHECK(back->compared->settings == comparison.settings);
    REQUIRE(back->compared->warnings.size() == 1);
    CHECK(back->compared->warnings.front().translatable() == comparison.warnings.front().translatable());

    QByteArray damaged = toLine(news.front());
    damaged.replace("\"width\":2", "\"width\":3");
    CHECK_FALSE(fromLine(damaged).has_value());
}

TEST_CASE("What a worker shall compare is understood")
{
    QuantPlan plan;
    plan.base.format = "nvfp4";
    plan.recipe = "light";
    plan.rules.push_back({"attn2", Choice{}, "user", "why not"});
    PictureJob job;
    ComparisonRecord& record = job.record;
    record.variants = {{QStringLiteral("a"), QStringLiteral("/tmp/a"), {}, nullptr},
        {QStringLiteral("b \"c\""), {}, QStringLiteral("nvfp4"), nullptr},
        {QStringLiteral("c"), {}, {}, std::make_shared<const QuantPlan>(plan)}};
    record.prompts = {"a \"red\" cube\n", "zwei Würfel", ""};
    record.seeds = {0, ~std::uint64_t{0}};
    record.steps = 7;
    record.width = 64;
    record.height = 96;
    record.sampling = {QStringLiteral("heun"), QStringLiteral("karras"), 0.1};
    record.negative = QStringLiteral("blue");
    record.statistics = QStringLiteral("/tmp/s");
    record.parts.companions = {fromPath(resourcePath("sample/tiny-sd.safetensors").value())};
    record.lpips = QStringList{QStringLiteral("/tmp/l"), QStringLiteral("/tmp/m")};
    job.overrides = {"sdxl", "base", "v"};
    job.remake = true;
    const QByteArray line = toLine(job);
    CHECK(line.count('\n') == 1);
    const auto back = pictureJobFrom(line);
    REQUIRE(back.has_value());
    const ComparisonRecord& got = back->record;
    REQUIRE(got.variants.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(got.variants[i].name == record.variants[i].name);
        CHECK(got.variants[i].file == record.variants[i].file);
        CHECK(got.variants[i].format == record.variants[i].format);
        CHECK((got.variants[i].plan != nullptr) == (i == 2));
    }
    CHECK(*got.variants[2].plan == plan);
    CHECK(got.prompts == record.prompts);
    CHECK(got.seeds == record.seeds);
    CHECK((got.steps == 7 && got.width == 64 && got.height == 96));
    CHECK(got.sampling.sampler == "heun");
    CHECK(got.sampling.scheduler == "karras");
    CHECK(got.sampling.cfg == 0.1);
    CHECK(got.negative == "blue");
    CHECK(got.statistics == "/tmp/s");
    CHECK(got.parts == record.parts);
    CHECK(got.lpips == record.lpips);
    CHECK(back->overrides.architecture == "sdxl");
    CHECK(back->overrides.variant == "base");
    CHECK(back->overrides.prediction == "v");
    CHECK(back->remake);
    CHECK(back->model == nullptr);
    for (const char* text : {"", "stop", "{}", "{\"pictures\":{}}"})
        CHECK_FALSE(pictureJobFrom(text).has_value());
}
