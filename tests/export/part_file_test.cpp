// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/shortage.h"
#include "engine/export/part_file.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace mantissa;
using mantissa::test::TempFolder;
namespace fs = std::filesystem;

namespace {

std::span<const std::byte> bytesOf(const std::string& text)
{
    return std::as_bytes(std::span(text));
}

std::string contentOf(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {(std::istreambuf_iterator<char>(in)), {}};
}

PartFileOptions optionsFor(const fs::path& target, bool overwrite = false, bool resume = false)
{
    return {target, 8, "print", overwrite, resume};
}

} // namespace

TEST_CASE("A part becomes the file only when it is committed")
{
    const TempFolder folder;
    const fs::path target = folder / "out";
    auto part = PartFile::create(optionsFor(target));
    REQUIRE(part);
    REQUIRE((*part)->write(0, bytesOf("abcd")));
    REQUIRE((*part)->write(4, bytesOf("efgh")));
    CHECK_FALSE(fs::exists(target));
    REQUIRE((*part)->commit());
    CHECK(contentOf(target) == "abcdefgh");
    CHECK_FALSE(fs::exists(partPath(target)));
    CHECK_FALSE(fs::exists(journalPath(target)));
}

TEST_CASE("One item that is larger than what is synced at once is written to its end")
{
    const TempFolder folder;
    const fs::path target = folder / "out";
    const std::string chunk(std::size_t{1} << 20, 'x');
    constexpr std::uint64_t kChunks = 80; // more than kFlushBytes
    auto part = PartFile::create({target, kChunks << 20, "print", false, false});
    REQUIRE(part);
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < kChunks; ++i)
        REQUIRE((*part)->write(i << 20, bytesOf(chunk)));
    // Longer than kFlushInterval: the journal's thread once kept the lock for ever from then on.
    while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(1200))
        REQUIRE((*part)->write(0, bytesOf(chunk.substr(0, 1))));
    REQUIRE((*part)->commit());
    CHECK(fs::file_size(target) == kChunks << 20);
}

TEST_CASE("An existing output is kept unless overwriting was asked for")
{
    const TempFolder folder;
    const fs::path target = folder / "out";
    std::ofstream(target) << "precious";
    auto refused = PartFile::create(optionsFor(target));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK(contentOf(target) == "precious");

    auto part = PartFile::create(optionsFor(target, true));
    REQUIRE(part);
    CHECK(contentOf(target) == "precious");
    (*part)->discard();
    CHECK(contentOf(target) == "precious");
    CHECK_FALSE(fs::exists(partPath(target)));
}

TEST_CASE("An output that appears during the work is not replaced")
{
    const TempFolder folder;
    const fs::path target = folder / "out";
    auto part = PartFile::create(optionsFor(target));
    REQUIRE(part);
    std::ofstream(target) << "precious";
    const Status committed = (*part)->commit();
    REQUIRE_FALSE(committed);
    CHECK(committed.error().code == ErrorCode::Usage);
    CHECK(contentOf(target) == "precious");
}

TEST_CASE("A file that only looks like an unfinished output is not touched")
{
    const TempFolder folder;
    const fs::path target = folder / "out";
    std::ofstream(partPath(target)) << "a browser's download";
    const auto part = PartFile::create(optionsFor(target));
    REQUIRE_FALSE(part);
    CHECK(part.error().code == ErrorCode::Usage);
    CHECK(contentOf(partPath(target)) == "a browser's download");
}

TEST_CASE("Finished items survive, for the same work only")
{
    const TempFolder folder;
    const fs::path target = folder / "out";
    {
        auto part = PartFile::create(optionsFor(target));
        REQUIRE(part);
        REQUIRE((*part)->write(0, bytesOf("abcd")));
        (*part)->itemDone(7);
        (*part)->itemDone(3);
    }
    std::ofstream(journalPath(target), std::ios::app)
        << "1"; // a line that was being written when the machine died
    SECTION("same fingerprint")
    {
        auto part = PartFile::create(optionsFor(target, false, true));
        REQUIRE(part);
        CHECK((*part)->finishedItems() == std::vector<std::size_t>{3, 7});
        REQUIRE((*part)->write(4, bytesOf("efgh")));
        (*part)->itemDone(12);
        part->reset();
        auto again = PartFile::create(optionsFor(target, false, true));
        REQUIRE(again);
        CHECK((*again)->finishedItems() == std::vector<std::size_t>{3, 7, 12});
        REQUIRE((*again)->commit());
        CHECK(contentOf(target) == "abcdefgh");
    }
    SECTION("another fingerprint")
    {
        PartFileOptions other = optionsFor(target, false, true);
        other.fingerprint = "other";
        auto part = PartFile::create(other);
        REQUIRE(part);
        CHECK((*part)->finishedItems().empty());
    }
    SECTION("without resume")
    {
        auto part = PartFile::create(optionsFor(target));
        REQUIRE(part);
        CHECK((*part)->finishedItems().empty());
    }
}

TEST_CASE("Two exports cannot write the same output")
{
    const TempFolder folder;
    const fs::path target = folder / "out";
    const auto first = PartFile::create(optionsFor(target));
    REQUIRE(first);
    const auto second = PartFile::create(optionsFor(target));
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::System);
}

TEST_CASE("Impossible places are named")
{
    const TempFolder folder;
    const auto missing = PartFile::create(optionsFor(folder / "no/such/folder"));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::System);
    fs::create_directory(folder / "dir");
    const auto directory = PartFile::create(optionsFor(folder / "dir"));
    REQUIRE_FALSE(directory);
    CHECK(directory.error().code == ErrorCode::Usage);
    PartFileOptions huge = optionsFor(folder / "huge");
    huge.bytes = std::uint64_t{1} << 60;
    const auto full = PartFile::create(huge);
    REQUIRE_FALSE(full);
    CHECK(full.error().code == ErrorCode::System);
    CHECK(shortageOf(full.error()) == Shortage::Disk);
    CHECK_FALSE(fs::exists(partPath(folder / "huge")));
}
