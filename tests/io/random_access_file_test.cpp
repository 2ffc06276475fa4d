// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/random_access_file.h"
#include "tests/io/temp_files.h"

#include <array>
#include <catch2/catch.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

using namespace mantissa;
using mantissa::test::TempFolder;

TEST_CASE("a file is read by position")
{
    const TempFolder folder;
    const auto file = RandomAccessFile::open(folder.write("a", "0123456789"));
    REQUIRE(file);
    CHECK((*file)->size() == 10);
    CHECK((*file)->modifiedNs() > 1'600'000'000'000'000'000);
    CHECK((*file)->readText(3, 4).value() == "3456");
    CHECK((*file)->readText(10, 0).value().empty());
}

TEST_CASE("reading beyond the end is an error that names the byte")
{
    const TempFolder folder;
    const auto file = RandomAccessFile::open(folder.write("a", "0123456789"));
    REQUIRE(file);
    const auto beyond = (*file)->readText(8, 3);
    REQUIRE_FALSE(beyond);
    CHECK(beyond.error().code == ErrorCode::InvalidInput);
    CHECK_THAT(beyond.error().where, Catch::EndsWith("a, byte 8"));
    CHECK_FALSE((*file)->readText(~std::uint64_t{0}, 3));
    CHECK_FALSE((*file)->readText(0, ~std::size_t{0})); // refused before memory is asked for
}

TEST_CASE("a file that shrinks while it is read gives an error, not a signal")
{
    const TempFolder folder;
    const auto path = folder.write("a", std::string(100'000, 'x'));
    const auto file = RandomAccessFile::open(path);
    REQUIRE(file);
    std::filesystem::resize_file(path, 50'000);
    CHECK((*file)->readText(0, 50'000));
    const auto gone = (*file)->readText(49'000, 2'000);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == ErrorCode::InvalidInput);
    CHECK(gone.error().message == "the file became shorter while it was read");
    CHECK_THAT(gone.error().where, Catch::EndsWith("byte 50000"));
}

TEST_CASE("what is not a regular file is refused without waiting")
{
    const TempFolder folder;
    const auto refused = [](const std::filesystem::path& path) {
        const auto file = RandomAccessFile::open(path);
        REQUIRE_FALSE(file);
        CHECK(file.error().where == path.string());
        return file.error();
    };
    SECTION("directory")
    {
        const Error error = refused(folder.path());
        CHECK(error.code == ErrorCode::InvalidInput);
        CHECK_THAT(error.message, Catch::Contains("a directory"));
    }
    SECTION("named pipe")
    {
        const auto path = folder.path() / "pipe";
        REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
        const Error error = refused(path);
        CHECK(error.code == ErrorCode::InvalidInput);
        CHECK_THAT(error.message, Catch::Contains("a named pipe"));
    }
    SECTION("socket")
    {
        const auto path = folder.path() / "s";
        const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
        REQUIRE(descriptor >= 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        REQUIRE(path.string().size() < sizeof(address.sun_path));
        path.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
        REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
        const Error error = refused(path);
        ::close(descriptor);
        CHECK(error.code == ErrorCode::InvalidInput);
        CHECK_THAT(error.message, Catch::Contains("a socket"));
    }
    SECTION("device")
    {
        const Error error = refused("/dev/zero");
        CHECK(error.code == ErrorCode::InvalidInput);
        CHECK_THAT(error.message, Catch::Contains("a device"));
    }
    SECTION("missing")
    {
        const Error error = refused(folder.path() / "none");
        CHECK(error.code == ErrorCode::System);
        CHECK_FALSE(error.hint.empty());
    }
    SECTION("unreadable")
    {
        if (::geteuid() == 0)
            return; // root reads everything
        const auto path = folder.write("locked", "x");
        std::filesystem::permissions(path, std::filesystem::perms::none);
        CHECK(refused(path).code == ErrorCode::System);
    }
}
