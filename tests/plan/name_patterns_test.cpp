// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/name_patterns.h"

#include <catch2/catch.hpp>

using namespace mantissa;

TEST_CASE("What blocks agree in is said once, what differs is listed")
{
    const auto patterns = [](std::vector<GroupedName> names, std::size_t rest = 0) {
        std::vector<std::string> out;
        for (const NamePattern& pattern : namePatterns(names, rest))
            out.push_back(
                std::to_string(pattern.group) + " " + regexOf(pattern) + (pattern.below ? ".*" : ""));
        return out;
    };
    using Strings = std::vector<std::string>;
    CHECK(patterns({}).empty());
    CHECK(patterns({{"a.0.b", 1}, {"a.1.b", 1}, {"a.0.c", 0}}) == Strings{R"(1 a\.\d+\.b)"});
    CHECK(patterns({{"a.0.b", 1}, {"a.1.b", 0}, {"a.2.b", 0}}) == Strings{R"(1 a\.0\.b)"});
    CHECK(patterns({{"a.0.b", 0}, {"a.1.b", 1}, {"a.10.b", 1}, {"a.9.b", 1}})
        == Strings{R"(1 a\.(?!0\b)\d+\.b)"});
    CHECK(patterns({{"a.0.b", 0}, {"a.1.b", 1}, {"a.9.b", 0}, {"a.10.b", 1}, {"a.11.b", 0}})
        == Strings{R"(1 a\.(?:1|10)\.b)"});
    // A whole branch, and a name that is the beginning of another.
    CHECK(patterns({{"a.b", 1}, {"a.c.d", 1}, {"e", 0}}) == Strings{"1 a.*"});
    CHECK(patterns({{"a", 1}, {"a.b", 1}, {"a.c", 0}}) == Strings{"1 a", R"(1 a\.b)"});
    // Whole blocks differ: by block. Roles differ here and there: by role.
    CHECK(patterns({{"a.0.p", 1}, {"a.0.q", 1}, {"a.1.p", 0}, {"a.1.q", 0}}) == Strings{R"(1 a\.0.*)"});
    std::vector<GroupedName> mixed;
    std::vector<std::string> names;
    for (int block = 0; block < 8; ++block)
        for (int role = 0; role < 4; ++role)
            names.push_back("a." + std::to_string(block) + ".r" + std::to_string(role));
    for (std::size_t i = 0; i < names.size(); ++i)
        mixed.push_back({names[i], i / 4 == 2 * (i % 4) ? std::size_t{2} : 1});
    CHECK(patterns(mixed, 1) == Strings{R"(2 a\.0\.r0)", R"(2 a\.2\.r1)", R"(2 a\.4\.r2)", R"(2 a\.6\.r3)"});
    CHECK(patterns(mixed, 2)
        == Strings{R"(1 a\.(?!0\b)\d+\.r0)", R"(1 a\.(?!2\b)\d+\.r1)", R"(1 a\.(?!4\b)\d+\.r2)",
            R"(1 a\.(?!6\b)\d+\.r3)"});
}

TEST_CASE("Without counting, every number is a word")
{
    const std::vector<GroupedName> names{{"a.0.b", 1}, {"a.1.b", 1}, {"a.2.b", 0}, {"c.0", 1}};
    std::vector<std::string> out;
    for (const NamePattern& pattern : namePatterns(names, 0, false))
        out.push_back(regexOf(pattern));
    CHECK(out == std::vector<std::string>{R"(a\.0\.b)", R"(a\.1\.b)", R"(c\.0)"});
    CHECK(skeletonOf("a.12.b0.3") == "a.#.b0.#");
}
