// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/synthetic_model.h"
#include "ui/models/layer_filter.h"
#include "ui/text.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

int matches(const QString& query)
{
    static const OpenedCheckpoint opened = openedModel(12);
    QString mistake;
    const LayerFilter filter = LayerFilter::parse(query, &mistake);
    CHECK(mistake.isEmpty());
    int found = 0;
    for (std::size_t idx = 0; idx < opened.model->layers.size(); ++idx) {
        const Layer& layer = opened.model->layers[idx];
        LayerFilter::Facts facts;
        facts.decision = &opened.state->resolved.decisions[idx];
        facts.noted = idx == 3;
        if (idx < 10)
            facts.error = 0.01 * static_cast<double>(idx);
        found += filter.matches(toQt(layer.name), layer, facts) ? 1 : 0;
    }
    return found;
}

} // namespace

TEST_CASE("Text, globs and regular expressions find layers by name")
{
    CHECK(matches({}) == 124);
    CHECK(matches("to_q") == 12);
    CHECK(matches("TO_Q") == 12);
    CHECK(matches("attn to_q") == 12); // words are joined by "and"
    CHECK(matches("blocks.1.*to_?") == 4);
    CHECK(matches("/blocks\\.1\\d\\./") == 20);
    CHECK(matches("-blocks") == 4);
    CHECK(matches("\"to_q\"") == 12);
}

TEST_CASE("Facets find layers by what they are")
{
    CHECK(matches("kind:linear") == 12 * 7 + 2);
    CHECK(matches("kind:linear,norm") == 12 * 9 + 3);
    CHECK(matches("kind:conv") == 12);
    CHECK(matches("dtype:bf16") == 124);
    CHECK(matches("dtype:f32") == 0);
    CHECK(matches("critical") == 14);
    CHECK(matches("-critical kind:linear") == 12 * 6);
    CHECK(matches("shape:>200 kind:conv2d") == 0);
    CHECK(matches("shape:256 kind:norm") == 25);
    CHECK(matches("size:>100kb") == 12 * 7 + 3);
    CHECK(matches("changed") == 0);
    CHECK(matches("fmt:float8") == matches("quantized"));
    CHECK(matches("fmt:keep") == matches("kept"));
    CHECK(matches("quantized") + matches("kept") == 124);
    CHECK(matches("quantized") >= 12 * 6);
    CHECK(matches("noted") == 1);
    CHECK(matches("sens:>0.055") == 4); // 6, 7, 8 and 9 percent; what was not measured does not count
    CHECK(matches("sens:>5.5%") == 4);
    CHECK(matches("sens:<2%") == 2);
}

TEST_CASE("Mistakes are explained and hide nothing")
{
    for (const char* query : {"/(/", "colour:red", "shape:>abc", "size:>3parsecs"}) {
        QString mistake;
        const LayerFilter filter = LayerFilter::parse(QString::fromLatin1(query), &mistake);
        INFO(query);
        CHECK_FALSE(mistake.isEmpty());
        CHECK(filter.isEmpty());
    }
    QString mistake;
    LayerFilter::parse(QStringLiteral("shape:>"), &mistake); // still typing
    CHECK(mistake.isEmpty());
}

TEST_CASE("A filter knows whether an edit can change what it shows")
{
    CHECK_FALSE(LayerFilter::parse(QStringLiteral("to_q kind:linear")).dependsOnPlan());
    CHECK(LayerFilter::parse(QStringLiteral("fmt:nvfp4")).dependsOnPlan());
    CHECK(LayerFilter::parse(QStringLiteral("-changed")).dependsOnPlan());
}
