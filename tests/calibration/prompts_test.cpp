// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/calibration.h"

#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::test;

TEST_CASE("A calibration samples the prompts that were given, or those that ship")
{
    const std::vector<std::string> given{"a", "b", "c"};
    CHECK(promptsToSample(given, {}, 8) == given);
    CHECK(promptsToSample(given, {}, 2) == std::vector<std::string>{"a", "b"});
    const auto shipped = promptsToSample({}, {}, 4);
    REQUIRE(shipped);
    CHECK(shipped->size() == 4);
    CHECK(shipped->front() == defaultCalibrationPrompts().front());
}

TEST_CASE("Embedded texts have names where no prompts are given, and one prompt each where they are")
{
    const TempFolder folder;
    const auto file = folder / "two.safetensors";
    writeTiny(file, {tinyRandom("context", {2, 5, 8}, 1)});
    const auto named = promptsToSample({}, file, 3);
    REQUIRE(named);
    CHECK(*named
        == std::vector<std::string>{
            "text 1 of two, noise 1", "text 2 of two, noise 1", "text 1 of two, noise 2"});
    const std::vector<std::string> pair{"a", "b"};
    CHECK(promptsToSample(pair, file, 8) == pair);

    const auto odd = promptsToSample({"a"}, file, 8);
    REQUIRE_FALSE(odd);
    CHECK(odd.error().code == ErrorCode::Usage);
    CHECK(odd.error().where == file.string());
    writeTiny(folder / "none.safetensors", {tinyRandom("y", {2, 8}, 1)});
    CHECK(promptsToSample({}, folder / "none.safetensors", 8).error().code == ErrorCode::InvalidInput);
}
