// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/image/png.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace mantissa;

namespace {

Picture gradient(int width, int height)
{
    Picture picture{width, height, {}};
    for (int i = 0; i < width * height * 3; ++i)
        picture.rgb.push_back(static_cast<std::uint8_t>(i * 7));
    return picture;
}

std::string bytesOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeBytes(const std::filesystem::path& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

} // namespace

TEST_CASE("a picture and its texts come back")
{
    const test::TempFolder folder;
    const auto path = folder.path() / "a.png";
    const Picture picture = gradient(13, 7);
    const PngTexts texts{{"parameters", "a cat\nSteps: 20, Sampler: Euler"}, {"Comment", "größer 猫"}};
    REQUIRE(writePng(path, picture, texts, false));
    const auto read = readPng(path);
    REQUIRE(read);
    CHECK(read->picture == picture);
    CHECK(read->texts == texts);
    // Nothing but the picture is left behind.
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("an existing picture stays unless told otherwise")
{
    const test::TempFolder folder;
    const auto path = folder.path() / "a.png";
    REQUIRE(writePng(path, gradient(2, 2), {}, false));
    const std::string before = bytesOf(path);
    const Status refused = writePng(path, gradient(3, 3), {}, false);
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK(bytesOf(path) == before);
    CHECK(writePng(path, gradient(3, 3), {}, true));
    CHECK(bytesOf(path) != before);
}

TEST_CASE("damaged pictures are refused")
{
    const test::TempFolder folder;
    const auto good = folder.path() / "good.png", bad = folder.path() / "bad.png";
    REQUIRE(writePng(good, gradient(20, 20), {{"parameters", "x"}}, false));
    const std::string bytes = bytesOf(good);
    for (std::size_t length = 0; length < bytes.size(); length += 11) {
        writeBytes(bad, bytes.substr(0, length));
        const auto read = readPng(bad);
        CAPTURE(length);
        REQUIRE(!read);
        CHECK(read.error().code == ErrorCode::InvalidInput);
    }
    std::string flipped = bytes;
    flipped[20] = static_cast<char>(flipped[20] ^ 0x40); // the height; its checksum no longer fits
    writeBytes(bad, flipped);
    CHECK(!readPng(bad));
    CHECK(readPng(folder.path()).error().code == ErrorCode::InvalidInput);
    CHECK(readPng(folder.path() / "none.png").error().code == ErrorCode::System);
}
