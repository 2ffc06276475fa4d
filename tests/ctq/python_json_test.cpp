// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/modes.h"
#include "engine/base/python_json.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ctq;

namespace {

std::string roundTrip(const std::string& json)
{
    const auto node = parseJsonTree(json);
    if (!node)
        FAIL(node.error().message);
    return pythonDump(*node);
}

} // namespace

TEST_CASE("JSON is laid out as json.dumps does")
{
    CHECK(
        roundTrip(R"({"b":1,"a":[true,null,"x"],"c":{}})") == R"({"b": 1, "a": [true, null, "x"], "c": {}})");
    CHECK(roundTrip("1.0") == "1.0");
    CHECK(roundTrip("0.0001") == "0.0001");
    CHECK(roundTrip("0.00001") == "1e-05");
    CHECK(roundTrip("1e16") == "1e+16");
    CHECK(roundTrip("123456.789") == "123456.789");
    CHECK(roundTrip("-7") == "-7");
    CHECK(roundTrip(R"("\u00e9\ud83d\ude00\n\u007f\"\\\u0001/")")
        == R"("\u00e9\ud83d\ude00\n\u007f\"\\\u0001/")");
    CHECK(pythonQuote("\xff") == "\"\\ufffd\"");
    CHECK(pythonQuote("\xe2\x82") == "\"\\ufffd\\ufffd\"");
}

TEST_CASE("values compare as in Python")
{
    const auto equal = [](const std::string& a, const std::string& b) {
        return pythonEquals(*parseJsonTree(a), *parseJsonTree(b));
    };
    CHECK(equal("1", "1.0"));
    CHECK(equal("1", "true"));
    CHECK_FALSE(equal("\"1\"", "1"));
    CHECK(equal(R"({"a": 1, "b": [2]})", R"({"b": [2], "a": 1})"));
    CHECK_FALSE(equal(R"({"a": 1})", R"({"a": 1, "b": 2})"));
    CHECK_FALSE(equal("[1, 2]", "[2, 1]"));
}

TEST_CASE("keys to add are read as the Python tool reads them")
{
    const auto added = [](const std::string& text) {
        const auto keys = parseAddedKeys(text);
        return keys ? pythonDump(*keys) : std::string("none");
    };
    CHECK(added("'full_precision_matrix_mult': true, 'group_size': 64")
        == R"({"full_precision_matrix_mult": true, "group_size": 64})");
    CHECK(added("'a':'text', 'b': 1.5 ,'c':FALSE,'d': -3")
        == R"({"a": "text", "b": 1.5, "c": false, "d": -3})");
    CHECK(added("'a': plain text") == R"({"a": "plain text"})");
    CHECK(added("'a': 1e5") == R"({"a": "1e5"})"); // no point, no whole number
    CHECK(added("'a': 1, 'a': 2") == R"({"a": 2})");
    CHECK(added("junk 'a': 1") == R"({"a": 1})");
    CHECK(added("a: 1") == "none");
    CHECK(added("'a'") == "none");
    CHECK(added("'a': ") == "none");
    CHECK(added("'': 1") == "none");
    CHECK(added("'''''") == "none");
}
