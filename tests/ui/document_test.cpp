// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/synthetic_model.h"
#include "ui/commands/plan_delta.h"
#include "ui/presenters/plan_editor.h"
#include "ui/recent_files.h"

#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryFile>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

struct Fixture {
    Fixture()
    {
        document.reset(openedModel(4));
        QObject::connect(
            &editor, &PlanEditor::notice, &editor, [this](const QString& text) { notice = text; });
    }
    LayerSelection pick(std::initializer_list<const char*> names) const
    {
        LayerSelection selection;
        for (const char* name : names)
            selection.picked.push_back(
                layerNamed(*document.model(), std::string("model.diffusion_model.") + name));
        return selection;
    }
    LayerSelection branch(const QString& path) const
    {
        LayerSelection selection;
        for (int node = 0; node < document.tree()->nodeCount(); ++node)
            if (document.tree()->node(node).path == path) {
                const auto below = document.tree()->layersBelow(node);
                selection.below.assign(below.begin(), below.end());
            }
        return selection;
    }
    void settle()
    {
        REQUIRE(waitFor([this] { return !document.isResolving(); }));
    }

    PlanDocument document;
    PlanEditor editor{document};
    QString notice;
};

} // namespace

TEST_CASE("A delta says exactly what changed, both ways")
{
    QuantPlan before;
    before.base.format = "float8_e4m3fn";
    before.overrides["a"] = Choice{"nvfp4", {}};
    before.overrides["b"] = Choice{"nvfp4", {}};
    QuantPlan after = before;
    after.overrides.erase("a");
    after.overrides["b"] = Choice{};
    after.overrides["c"] = Choice{"mxfp8", {}};
    after.recipe = "absmax";
    after.rules.push_back({"x", {}, "user", ""});

    const PlanDelta delta = PlanDelta::between(before, after);
    CHECK_FALSE(delta.isEmpty());
    QuantPlan plan = before;
    delta.redo(plan);
    CHECK(plan == after);
    delta.undo(plan);
    CHECK(plan == before);
    CHECK(PlanDelta::between(before, before).isEmpty());
}

TEST_CASE("Formats are set with named steps that undo and redo exactly")
{
    Fixture f;
    const QuantPlan start = f.document.plan();
    f.editor.setFormat(f.pick({"blocks.0.attn.to_q", "blocks.1.attn.to_q"}), Choice{"nvfp4", {}});
    CHECK(f.document.undoStack()->undoText() == "Set 2 layers to NVFP4");
    f.settle();
    const std::size_t q = layerNamed(*f.document.model(), "model.diffusion_model.blocks.0.attn.to_q");
    CHECK(f.document.state()->resolved.decisions[q].choice.format == "nvfp4");
    CHECK(f.document.state()->resolved.decisions[q].provenance == Provenance::Override);
    CHECK(f.document.isModified());

    const QuantPlan edited = f.document.plan();
    f.editor.keep(f.branch("model.diffusion_model.blocks.2"));
    CHECK(f.document.undoStack()->undoText() == "Keep 8 layers");
    f.editor.setBase(Choice{"int8_tensorwise", {}});
    f.editor.setPreserveCritical(false);
    f.editor.clear(f.pick({"blocks.0.attn.to_q"}));
    CHECK(f.document.undoStack()->undoText() == "Clear what is set on 1 layer");
    f.settle();
    const QuantPlan last = f.document.plan();

    for (int step = 0; step < 4; ++step)
        f.document.undoStack()->undo();
    CHECK(f.document.plan() == edited);
    f.document.undoStack()->undo();
    CHECK(f.document.plan() == start);
    CHECK_FALSE(f.document.isModified());
    while (f.document.undoStack()->canRedo())
        f.document.undoStack()->redo();
    CHECK(f.document.plan() == last);
    f.settle();
    CHECK(f.document.state()->resolved.decisions[q].choice.format == "int8_tensorwise");
}

TEST_CASE("A branch passes over what cannot take a format, and over critical layers")
{
    Fixture f;
    f.editor.setFormat(f.branch("model.diffusion_model"), Choice{"nvfp4", {}});
    // 6 linear layers a block; modulation is critical at 4 bits, embedder and final layer always
    CHECK(f.document.undoStack()->undoText() == "Set 24 layers to NVFP4");
    CHECK(f.notice.contains("6 critical"));
    f.document.undoStack()->undo();
    f.editor.setFormat(f.branch("model.diffusion_model"), Choice{"float8_e4m3fn", {}});
    CHECK(f.document.undoStack()->undoText() == "Set 28 layers to FP8 E4M3");

    // picked itself, a critical layer is set
    f.editor.setFormat(f.pick({"x_embedder.proj"}), Choice{"nvfp4", {}});
    CHECK(f.document.plan().overrides.contains("model.diffusion_model.x_embedder.proj"));
}

TEST_CASE("What cannot be done is said, and is no step")
{
    Fixture f;
    const int before = f.document.undoStack()->count();
    f.editor.setFormat(f.pick({"blocks.0.norm1"}), Choice{"nvfp4", {}});
    CHECK(f.notice.contains("linear layers"));
    f.editor.clear(f.pick({"blocks.0.attn.to_q"}));
    CHECK(f.notice.contains("Nothing is set"));
    f.editor.applyPreset(QStringLiteral("no-such-preset"));
    CHECK(f.notice.contains("no-such-preset"));
    f.editor.setRecipe(QStringLiteral("fast")); // is already
    CHECK(f.document.undoStack()->count() == before);
}

TEST_CASE("Presets replace each other and leave the user's rules")
{
    Fixture f;
    QuantPlan plan = f.document.plan();
    plan.rules.push_back({"attn", Choice{}, "user", "mine"});
    f.editor.replacePlan(plan, QStringLiteral("Load plan"));
    REQUIRE(findPreset("flux1") != nullptr);
    f.editor.applyPreset(QStringLiteral("flux1"));
    CHECK(f.document.plan().preset == "flux1");
    CHECK(f.document.plan().rules.back().origin == "user");
    f.editor.applyPreset({});
    CHECK(f.document.plan().preset.empty());
    REQUIRE(f.document.plan().rules.size() == 1);
    CHECK(f.document.plan().rules.front().reason == "mine");
}

TEST_CASE("Fast edits end with the state of the last one")
{
    Fixture f;
    QSignalSpy states(&f.document, &PlanDocument::stateChanged);
    for (const char* format : {"nvfp4", "mxfp8", "int8_tensorwise", "float8_e5m2"})
        f.editor.setBase(Choice{format, {}});
    f.settle();
    const std::size_t q = layerNamed(*f.document.model(), "model.diffusion_model.blocks.0.attn.to_q");
    CHECK(f.document.state()->resolved.decisions[q].choice.format == "float8_e5m2");
    CHECK(states.count() >= 1);
    CHECK(states.count() <= 4);
}

TEST_CASE("The forecast of the file follows the plan")
{
    Fixture f;
    const std::uint64_t fp8 = f.document.state()->fileBytes.value();
    f.editor.setBase(Choice{"nvfp4", {}});
    f.settle();
    CHECK(f.document.state()->fileBytes.value() < fp8);
}

TEST_CASE("Recent files: newest first, once each, ten at most, kept between runs")
{
    QSettings().clear();
    {
        RecentFiles recent;
        for (int idx = 0; idx < 12; ++idx)
            recent.add(QStringLiteral("/nowhere/%1.safetensors").arg(idx));
        recent.add(QStringLiteral("/nowhere/5.safetensors"));
        CHECK(recent.files().size() == RecentFiles::kMost);
        CHECK(recent.files().first() == "/nowhere/5.safetensors");
        CHECK(recent.files().count(QStringLiteral("/nowhere/5.safetensors")) == 1);
        CHECK_FALSE(RecentFiles::exists(recent.files().first()));
    }
    RecentFiles again;
    CHECK(again.files().size() == RecentFiles::kMost);
    again.clear();
    CHECK(RecentFiles().files().isEmpty());
}
