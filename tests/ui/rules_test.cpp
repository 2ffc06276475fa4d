// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/synthetic_model.h"
#include "ui/models/rule_model.h"
#include "ui/presenters/plan_editor.h"
#include "ui/presenters/rule_preview.h"
#include "ui/rule_writer.h"
#include "ui/text.h"
#include "ui/widgets/command_palette.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

struct Fixture {
    Fixture() { document.reset(openedModel(4)); }
    std::vector<std::size_t> named(const std::string& part) const
    {
        std::vector<std::size_t> layers;
        for (std::size_t idx = 0; idx < document.model()->layers.size(); ++idx)
            if (document.model()->layers[idx].name.find(part) != std::string::npos)
                layers.push_back(idx);
        return layers;
    }
    LayerSelection branch(const std::string& path) const
    {
        LayerSelection selection;
        for (int node = 0; node < document.tree()->nodeCount(); ++node)
            if (document.tree()->node(node).path.toStdString() == path) {
                const auto below = document.tree()->layersBelow(node);
                selection.below.assign(below.begin(), below.end());
            }
        REQUIRE_FALSE(selection.isEmpty());
        return selection;
    }
    std::optional<std::string> pattern(const std::vector<std::size_t>& layers) const
    {
        return shortestPattern(document.plan(), *document.model(), *document.tree(), layers);
    }
    const std::vector<Rule>& rules() const { return document.plan().rules; }
    void settle()
    {
        REQUIRE(waitFor([this] { return !document.isResolving(); }));
    }
    std::string formatOf(const std::string& name) const
    {
        return document.state()->resolved.decisions[layerNamed(*document.model(), name)].choice.format;
    }

    PlanDocument document;
    PlanEditor editor{document};
};

} // namespace

TEST_CASE("The shortest pattern says exactly what was meant")
{
    const Fixture f;
    CHECK(f.pattern(f.named("blocks.2.attn.to_q")) == std::nullopt); // one layer is an override
    CHECK(f.pattern(f.named("blocks.2.attn")).value() == "^model\\.diffusion_model\\.blocks\\.2\\.attn\\.");
    CHECK(f.pattern(f.named("attn.to_q")).value() == "(?:^|\\.)to_q(?:\\.|$)");
    auto two = f.named("blocks.1.attn.to_q");
    two.push_back(f.named("blocks.3.attn.to_k").front());
    const auto odd = f.pattern(two);
    if (odd) // whatever it says, it says these two
        CHECK(layersOf(f.document.plan(), *f.document.model(), *odd) == two);
    auto all = f.named("blocks.");
    std::erase_if(all, [&](std::size_t layer) {
        const Layer& at = f.document.model()->layers[layer];
        return at.kind != LayerKind::Linear || at.name.ends_with("modulation");
    });
    const auto without = f.pattern(all);
    REQUIRE(without.has_value());
    CHECK(without->size() < 60);
    CHECK(layersOf(f.document.plan(), *f.document.model(), *without) == all);
    // All but one: an exception by name.
    std::erase(all, layerNamed(*f.document.model(), "model.diffusion_model.blocks.1.attn.to_q"));
    const auto butOne = f.pattern(all);
    REQUIRE(butOne.has_value());
    CHECK(butOne->find("(?!") != std::string::npos);
    CHECK(layersOf(f.document.plan(), *f.document.model(), *butOne) == all);
    CHECK(layersOf(f.document.plan(), *f.document.model(), "(") == std::nullopt);
}

TEST_CASE("A branch becomes one rule, its parts replace each other, and undo takes them back")
{
    Fixture f;
    const std::string block = "model.diffusion_model.blocks.2";
    const QuantPlan start = f.document.plan();
    f.editor.setFormat(f.branch("model.diffusion_model.blocks.2.attn"), Choice{"nvfp4", {}});
    REQUIRE(f.rules().size() == 1);
    CHECK(f.document.plan().overrides.empty());
    CHECK(isOfUser(f.rules().front()));
    f.settle();
    CHECK(f.formatOf("model.diffusion_model.blocks.2.attn.to_k") == "nvfp4");
    CHECK(f.formatOf("model.diffusion_model.blocks.2.mlp.fc1") == "float8_e4m3fn");
    CHECK(f.document.state()
              ->byUser[layerNamed(*f.document.model(), "model.diffusion_model.blocks.2.attn.to_k")]);

    f.editor.setFormat(f.branch(block), Choice{"int8_tensorwise", {}}); // covers the first rule
    CHECK(f.rules().size() == 1);
    f.editor.keep(f.branch("model.diffusion_model.blocks.2.mlp"));
    CHECK(f.rules().size() == 2);
    f.settle();
    CHECK(f.formatOf("model.diffusion_model.blocks.2.mlp.fc1").empty());
    CHECK(f.formatOf("model.diffusion_model.blocks.2.attn.to_q") == "int8_tensorwise");

    f.editor.clear(f.branch(block));
    CHECK(f.rules().empty());
    while (f.document.undoStack()->canUndo())
        f.document.undoStack()->undo();
    CHECK(f.document.plan() == start);
}

TEST_CASE("Clearing a part of a rule's layers leaves the rule and says so")
{
    Fixture f;
    QString notice;
    QObject::connect(&f.editor, &PlanEditor::notice, &f.editor, [&](const QString& text) { notice = text; });
    f.editor.setFormat(f.branch("model.diffusion_model.blocks.2"), Choice{"nvfp4", {}});
    const int steps = f.document.undoStack()->count();
    f.editor.clear(f.branch("model.diffusion_model.blocks.2.attn"));
    CHECK(f.document.undoStack()->count() == steps);
    CHECK(notice.contains("list of rules"));
    CHECK(f.rules().size() == 1);
}

TEST_CASE("Rules are added, changed, moved and removed as named steps; the table follows")
{
    Fixture f;
    RuleModel model(f.document);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    f.editor.addRule({"attn", Choice{"nvfp4", {}}, "user", {}});
    f.editor.addRule({"to_q", Choice{}, "user", "sensitive"});
    CHECK(f.document.undoStack()->undoText() == "Add rule to_q");
    f.settle();
    REQUIRE(model.rowCount() == 2);
    CHECK(model.index(1, RuleModel::Layers).data() == "4");
    CHECK(model.index(0, RuleModel::Layers).data() == "12"); // four lost to the later rule
    CHECK(model.layersDecidedBy(1).size() == 4);
    f.editor.moveRule(1, 0);
    f.settle();
    CHECK(model.index(0, RuleModel::Layers).data() == "0");
    Rule changed = f.rules().front();
    changed.choice.format = "mxfp8";
    f.editor.changeRule(0, changed);
    f.editor.removeRule(1);
    CHECK(f.document.undoStack()->undoText() == "Remove rule attn");
    f.settle();
    CHECK(f.formatOf("model.diffusion_model.blocks.0.attn.to_q") == "mxfp8");
    while (f.document.undoStack()->canUndo())
        f.document.undoStack()->undo();
    CHECK(model.rowCount() == 0);
}

TEST_CASE("A rule is previewed before it applies")
{
    Fixture f;
    RulePreview preview(f.document);
    PlanPreview seen;
    int answers = 0;
    QObject::connect(&preview, &RulePreview::changed, &preview, [&](const PlanPreview& each) {
        seen = each;
        ++answers;
    });
    QuantPlan plan = f.document.plan();
    plan.rules.push_back({"mlp", Choice{"nvfp4", {}}, "user", {}});
    preview.ask(plan);
    REQUIRE(waitFor([&] { return answers == 1; }));
    CHECK(seen.rows.size() == 8);
    CHECK(seen.rows.front().after.startsWith(QLatin1String("NVFP4")));
    CHECK(seen.bytesAfter < seen.bytesBefore);
    CHECK(f.document.plan().rules.empty()); // nothing applied
    plan.rules.back().pattern = std::string("("); // no assignment of a literal: GCC 12 warns for nothing
    preview.ask(plan);
    REQUIRE(waitFor([&] { return answers == 2; }));
    CHECK(seen.problem.endsWith(QLatin1Char('.')));
}

TEST_CASE("The palette finds actions by letters in order, whole words first")
{
    CHECK(CommandPalette::match(QStringLiteral("expand"), QStringLiteral("View: Expand all")) >= 0);
    CHECK(CommandPalette::match(QStringLiteral("exall"), QStringLiteral("View: Expand all")) > 100);
    CHECK(CommandPalette::match(QStringLiteral("zzz"), QStringLiteral("View: Expand all")) == -1);
    CHECK(CommandPalette::match({}, QStringLiteral("anything")) == 0);
}
