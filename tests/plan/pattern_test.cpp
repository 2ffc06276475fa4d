// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/pattern.h"

#include <catch2/catch.hpp>

#include <chrono>

using namespace mantissa;

namespace {

bool found(std::string_view pattern, std::string_view name)
{
    auto compiled = Pattern::compile(pattern);
    REQUIRE(compiled.has_value());
    auto result = compiled->search(name);
    REQUIRE(result.has_value());
    return *result;
}

} // namespace

TEST_CASE("a pattern is searched, not matched from the start")
{
    CHECK(found("attn", "blocks.0.attn.to_q"));
    CHECK(found(R"(blocks\.0\.)", "model.blocks.0.attn"));
    CHECK_FALSE(found(R"(blocks\.0\.)", "model.blocks.01.attn"));
    CHECK(found("blocks.0.", "model.blocks.01.attn")); // a bare dot is any character
    CHECK(found("", "anything"));
    CHECK(found(R"(^(?!.*norm).*proj$)", "blocks.1.proj"));
    CHECK_FALSE(found(R"(^(?!.*norm).*proj$)", "norm.proj"));
    CHECK(found(R"(blocks\.(?:[0-2]|3[7-9])\.)", "blocks.38.ffn.0"));
    CHECK_FALSE(found(R"(blocks\.(?:[0-2]|3[7-9])\.)", "blocks.30.ffn.0"));
    CHECK(found(R"((?P<n>to_[qk])$)", "a.to_k"));
    CHECK_FALSE(found(R"(to_k$)", "a.to_k\n")); // ECMAScript's $, not Perl's
}

TEST_CASE("matchesAll takes the whole name")
{
    auto pattern = Pattern::compile(R"(blocks\.\d+\.attn)");
    REQUIRE(pattern);
    CHECK(*pattern->matchesAll("blocks.12.attn"));
    CHECK_FALSE(*pattern->matchesAll("blocks.12.attn.to_q"));
    CHECK_FALSE(*pattern->matchesAll("x.blocks.12.attn"));
    auto alternatives = Pattern::compile("a|ab");
    REQUIRE(alternatives);
    CHECK(*alternatives->matchesAll("ab"));
    auto literal = Pattern::compile(R"(a\.b)");
    REQUIRE(literal);
    CHECK(*literal->matchesAll("a.b"));
    CHECK_FALSE(*literal->matchesAll("a.bc"));
}

TEST_CASE("an invalid pattern names itself and the position")
{
    const auto pattern = Pattern::compile("blocks.(0|1");
    REQUIRE_FALSE(pattern.has_value());
    CHECK(pattern.error().code == ErrorCode::Usage);
    CHECK_THAT(pattern.error().message, Catch::Contains("blocks.(0|1") && Catch::Contains("position 11"));
    for (const char* bad : {"[a", "a**", "(?<", "*", "\\", "a{2,1}", R"(\C)"})
        CHECK_FALSE(Pattern::compile(bad).has_value());
    CHECK_FALSE(Pattern::compile(std::string(5000, '(')).has_value());
    CHECK_FALSE(Pattern::compile("(((a{1000}){1000}){1000})").has_value());
}

TEST_CASE("a pattern that backtracks without end is an error in bounded time")
{
    auto pattern = Pattern::compile("^(a+)+$");
    REQUIRE(pattern);
    const auto start = std::chrono::steady_clock::now();
    const auto result = pattern->search(std::string(60, 'a') + "b");
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == ErrorCode::Usage);
    CHECK_THAT(result.error().message, Catch::Contains("too many steps"));
}

TEST_CASE("bytes that are not UTF-8 do no harm")
{
    auto pattern = Pattern::compile(R"(w.\d)");
    REQUIRE(pattern);
    CHECK_FALSE(*pattern->search("w\xff\xfe"));
    CHECK(*pattern->search("\xff w\xc3\xa4"
                           "7"));
    CHECK_FALSE(Pattern::compile("(\xff)").has_value());
}

TEST_CASE("an escaped name finds itself and nothing else")
{
    const std::string name = R"(a.b[0](c)*\d{2}+$^|?)";
    CHECK(found(escapePattern(name), "x" + name + "y"));
    CHECK_FALSE(found(escapePattern("a.b"), "aXb"));
}
