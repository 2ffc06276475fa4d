// SPDX-License-Identifier: GPL-3.0-or-later
// The rule files themselves.
#include "engine/arch/rules.h"
#include "engine/model/model.h"
#include "engine/base/pattern.h"

#include <catch2/catch.hpp>
#include <set>

using namespace mantissa;

TEST_CASE("every rule file is sound", "[arch]")
{
    const auto& rules = arch::registry();
    REQUIRE(rules);
    std::set<std::string> ids;
    std::set<int> orders;
    for (const arch::ArchitectureRule& rule : rules->architectures) {
        INFO(rule.id);
        CHECK(ids.insert(rule.id).second);
        CHECK_FALSE(rule.name.empty());
        for (const auto* list : {&rule.critical, &rule.criticalAt4Bits})
            for (const arch::CriticalRule& critical : *list) {
                CHECK_FALSE(critical.reason.empty());
                if (critical.pattern)
                    CHECK(Pattern::compile(*critical.pattern));
            }
        const arch::KeyView nothing({}, "");
        const arch::Facts facts{nothing, nothing, {}};
        std::vector<std::string> expressions{rule.exact};
        for (const auto& match : rule.matches)
            expressions.push_back(match.when);
        for (const auto& hyper : rule.hyperparameters)
            expressions.push_back(hyper.expression);
        for (const auto& variant : rule.variants)
            expressions.push_back(variant.when);
        for (const auto& prediction : rule.predictions)
            expressions.push_back(prediction.when);
        for (const std::string& expression : expressions) {
            INFO(expression);
            CHECK((expression.empty() || arch::evaluate(expression, facts)));
        }
        if (!rule.latent.empty())
            CHECK(rules->find(rule.latent) != nullptr);
    }
    for (const arch::PrefixRule& prefix : rules->prefixes)
        CHECK((prefix.id.empty() || rules->find(prefix.id) != nullptr));
    CHECK(knownArchitectures().size() > 70);
}
