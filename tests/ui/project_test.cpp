// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/synthetic_model.h"
#include "ui/activation_view.h"
#include "ui/project.h"
#include "ui/state_file.h"
#include "ui/text.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

Project sampleProject(const QString& source)
{
    Project project;
    project.source = source;
    project.catalogue = QStringLiteral("abc123");
    project.bytes = 12345;
    project.overrides = {"sdxl", "base", "v"};
    project.plan.sourceName = "model.safetensors";
    project.plan.sourceHash = "0123456789abcdef0123456789abcdef";
    project.plan.base.format = "nvfp4";
    project.plan.recipe = "balanced";
    project.plan.rules.push_back({"^a\\.b", Choice{"mxfp8", {}}, "user", "because"});
    project.plan.overrides["a.c"] = Choice{};
    project.window = QByteArray::fromHex("00ff10");
    project.judgements[QStringLiteral("key")] = QJsonObject{{QStringLiteral("rating"), 4}};
    return project;
}

} // namespace

TEST_CASE("A project comes back as it was saved")
{
    const QTemporaryDir folder;
    const QString source = folder.filePath(QStringLiteral("model.safetensors"));
    writeSparseCheckpoint(toPath(source), 1);
    Project project = sampleProject(source);
    project.statistics = source;
    project.parts = {{source, source}, source, source};
    const QByteArray text = toJson(project, folder.path());
    const auto back = parseProject(text, folder.path());
    REQUIRE(back.has_value());
    CHECK(back->source == project.source);
    CHECK(back->catalogue == project.catalogue);
    CHECK(back->bytes == project.bytes);
    CHECK(back->overrides.architecture == "sdxl");
    CHECK(back->overrides.variant == "base");
    CHECK(back->overrides.prediction == "v");
    CHECK(back->plan == project.plan);
    CHECK(back->statistics == project.statistics);
    CHECK(back->parts == project.parts);
    CHECK(back->window == project.window);
    CHECK(back->judgements == project.judgements);
    CHECK_FALSE(back->saved.isValid());
    CHECK(toJson(*back, folder.path()) == text); // equal projects give equal files
}

TEST_CASE("A project that moved with its checkpoint finds it")
{
    const QTemporaryDir folder;
    REQUIRE(QDir(folder.path()).mkpath(QStringLiteral("old")));
    REQUIRE(QDir(folder.path()).mkpath(QStringLiteral("new")));
    const QString before = folder.filePath(QStringLiteral("old/model.safetensors"));
    const QString after = folder.filePath(QStringLiteral("new/model.safetensors"));
    const QByteArray text = toJson(sampleProject(before), folder.filePath(QStringLiteral("old")));
    writeSparseCheckpoint(toPath(after), 1);
    CHECK(parseProject(text, folder.filePath(QStringLiteral("new")))->source == after);
}

TEST_CASE("What is no project is refused in a sentence")
{
    for (const char* text : {"", "{", "[]", "{}", "{\"mantissa_project\":1}", "{\"mantissa_project\":99}",
             "{\"mantissa_project\":1,\"source\":{\"path\":\"/x\"},\"plan\":{\"rules\":3}}"}) {
        INFO(text);
        const auto project = parseProject(text, QStringLiteral("/"));
        REQUIRE_FALSE(project.has_value());
        CHECK(errorSentence(project.error()).endsWith(QLatin1Char('.')));
    }
    CHECK_FALSE(readProject(QStringLiteral("/nowhere/x.mantissa")).has_value());
}

TEST_CASE("The catalogue tells checkpoints apart")
{
    CHECK(catalogueHash(*makeModel(2)->source) == catalogueHash(*makeModel(2)->source));
    CHECK(catalogueHash(*makeModel(2)->source) != catalogueHash(*makeModel(3)->source));
}

TEST_CASE("A state file ends with the newest content, and with nothing after it was removed")
{
    const QTemporaryDir folder;
    const QString name = folder.filePath(QStringLiteral("deep/er/state.json"));
    {
        StateFile file(name);
        for (int idx = 0; idx <= 100; ++idx)
            file.write(QByteArray::number(idx));
    } // the destructor waits
    CHECK(readWhole(name, 100).value() == "100");
    CHECK_FALSE(readWhole(name, 2).has_value());
    {
        StateFile file(name);
        file.write("more");
        file.remove();
    }
    CHECK_FALSE(QFile::exists(name));
}

TEST_CASE("What is seen of a layer agrees with its histogram")
{
    std::mt19937 random(7);
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> values(200'000);
    for (float& value : values)
        value = normal(random);
    values[17] = 60; // one outlier
    LiveView live;
    live.layer = "block.1";
    live.channels = 320;
    live.tokens = 625;
    live.histogram.add(values);
    live.bucketLargest = {1.5F, 0, 60};
    const ActivationView view = makeView(live, inputGridOf(Choice{"int8_tensorwise", {}}));
    CHECK(view.grid.name == "INT8");
    CHECK(view.amax >= 60);
    CHECK(view.p999 == Approx(3.29).epsilon(0.05)); // of a normal distribution
    CHECK(view.chosen < view.amax);
    double sum = 0;
    for (const double count : view.counts)
        sum += count;
    CHECK(sum == 200'000);
    const ClipOutcome all = clipAt(view, view.amax), chosen = clipAt(view, view.chosen);
    CHECK(all.clippedShare == 0);
    CHECK(chosen.snrDb > all.snrDb);
    CHECK(clipAt(view, 1).clippedShare == Approx(0.317).epsilon(0.05)); // outside of one sigma
    CHECK(clipAt(view, 1).snrDb < chosen.snrDb);
    const QString words = viewText(view, view.chosen);
    CHECK(words.contains("block.1"));
    CHECK(words.contains("320 channels"));

    CHECK(inputGridOf(Choice{"nvfp4", {}}).grid == RangeGrid::Float4E2M1);
    CHECK(inputGridOf(Choice{"float8_e4m3fn", {}}).largest == 448);
    CHECK_FALSE(inputGridOf(Choice{}).rounds);
}
