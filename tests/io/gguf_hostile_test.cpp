// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files that lie: each is refused with the place, in bounded time and memory.
#include "engine/io/tensor_source.h"
#include "tests/io/temp_files.h"
#include "tests/support/cpu_clock.h"
#include "tests/support/gguf_bytes.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace mantissa;
using namespace mantissa::test;
using Catch::Contains;

namespace {

constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();

Error refusalOf(const std::string& bytes)
{
    const TempFolder folder;
    const auto path = folder.write("m.gguf", bytes);
    const auto source = openCheckpoint(path);
    REQUIRE_FALSE(source);
    CHECK_THAT(source.error().where, Contains(path.string()) && Contains(", byte "));
    return source.error();
}

std::string refused(const std::string& bytes)
{
    const Error error = refusalOf(bytes);
    CHECK(error.code == ErrorCode::InvalidInput);
    return error.message;
}
std::string refused(const GgufBytes& file)
{
    return refused(file.bytes());
}
std::string unsupported(const GgufBytes& file)
{
    const Error error = refusalOf(file.bytes());
    CHECK(error.code == ErrorCode::Unsupported);
    return error.message;
}

GgufBytes::Tensor small(const std::string& name)
{
    return {name, {2}, gguf::kF32, std::string(8, 'x'), {}};
}

GgufBytes withTensors(std::vector<GgufBytes::Tensor> tensors)
{
    GgufBytes file;
    file.tensors = std::move(tensors);
    return file;
}

GgufBytes withEntry(std::string_view key, std::uint32_t type, std::string_view value)
{
    GgufBytes file = withTensors({small("t")});
    file.entry(key, type, value);
    return file;
}

} // namespace

TEST_CASE("every cut of a GGUF file is refused as incomplete")
{
    GgufBytes file = withTensors({small("a"), small("b")});
    file.entry("key", "value")
        .entry("list", gguf::kList, GgufBytes::list(gguf::kText, 1, GgufBytes::text("one")));
    const std::string whole = file.bytes();
    const std::size_t end = whole.size() - 24; // the last tensor's data, before its padding
    for (std::size_t size = 4; size < end; ++size) {
        CAPTURE(size);
        const Error error = refusalOf(whole.substr(0, size));
        CHECK(error.code == ErrorCode::InvalidInput);
    }
    const TempFolder folder;
    CHECK(openCheckpoint(folder.write("m.gguf", whole.substr(0, end)))); // nobody needs the last padding
}

TEST_CASE("other versions and byte orders of GGUF are not supported, and are named")
{
    GgufBytes file = withTensors({small("t")});
    file.version = 1;
    CHECK_THAT(unsupported(file), Contains("version 1"));
    file.version = 4;
    CHECK_THAT(unsupported(file), Contains("version 4"));
    file.version = 0x03000000;
    CHECK_THAT(unsupported(file), Contains("big-endian"));
}

TEST_CASE("counts that no file of this size can hold are refused at once")
{
    const CpuClock clock;
    for (const std::uint64_t count : {std::uint64_t{1000}, std::uint64_t{1} << 40, kHuge}) {
        GgufBytes file = withTensors({small("t")});
        file.claimedTensors = count;
        CHECK_THAT(refused(file), Contains("tensors, more than the file can hold"));
        file.claimedTensors.reset();
        file.claimedEntries = count;
        CHECK_THAT(refused(file), Contains("metadata entries, more than the file can hold"));
    }
    CHECK(clock.elapsed().count() < 1);
}

TEST_CASE("lengths of texts and lists that lie are refused")
{
    for (const std::uint64_t length : {std::uint64_t{100'000}, std::uint64_t{1} << 62, kHuge}) {
        CAPTURE(length);
        const std::string lie = GgufBytes::le(length);
        CHECK_THAT(refused(withEntry("k", gguf::kText, lie)), Contains("'k'") || Contains("ends inside"));
        for (const std::uint32_t type : {gguf::kU8, gguf::kU64, gguf::kText, gguf::kList})
            CHECK_THAT(refused(withEntry("k", gguf::kList, GgufBytes::list(type, length, "some bytes"))),
                Contains("ends inside") || Contains("nested") || Contains("unknown type"));
        const GgufBytes file = withTensors({small("t")});
        std::string bytes = file.bytes();
        bytes.replace(24, 8, lie); // the length of the tensor's name
        CHECK_THAT(refused(bytes), Contains("the tensor name claims"));
    }
}

TEST_CASE("lists that are nested too deeply are refused")
{
    std::string value = GgufBytes::list(gguf::kU8, 1, "x");
    for (int i = 0; i < 3; ++i)
        value = GgufBytes::list(gguf::kList, 1, value);
    const TempFolder folder;
    CHECK(openCheckpoint(folder.write("m", withEntry("k", gguf::kList, value).bytes())));
    for (int i = 0; i < 5000; ++i)
        value = GgufBytes::list(gguf::kList, 1, value);
    CHECK_THAT(refused(withEntry("k", gguf::kList, value)), Contains("nested too deeply"));
}

TEST_CASE("a header that goes on for ever is given up")
{
    const TempFolder folder;
    GgufBytes file;
    file.entry("k", gguf::kList, GgufBytes::list(gguf::kText, kHuge, ""));
    const auto path = folder.write("m.gguf", file.bytes());
    std::filesystem::resize_file(path, std::uint64_t{8} << 30); // zeros: texts without end
    const CpuClock clock;
    const auto opened = openCheckpoint(path);
    REQUIRE_FALSE(opened);
    CHECK_THAT(opened.error().message, Contains("the header is longer than"));
    CHECK(clock.elapsed().count() < 5);
}

TEST_CASE("metadata that makes no sense is refused with its key")
{
    CHECK_THAT(refused(withEntry("k", 13, "")), Contains("'k'") && Contains("unknown type 13"));
    CHECK_THAT(refused(withEntry("k", gguf::kBool, "\2")), Contains("truth value of 2"));
    CHECK_THAT(refused(withEntry("", gguf::kBool, "\1")), Contains("key is empty"));
    CHECK_THAT(refused(withEntry("\xff", gguf::kBool, "\1")), Contains("not valid UTF-8"));
    CHECK_THAT(refused(withEntry("a\nb", gguf::kBool, "\1")), Contains("control character"));
    GgufBytes twice = withEntry("k", gguf::kText, GgufBytes::text("1"));
    twice.entry("k", "2");
    CHECK_THAT(refused(twice), Contains("names 'k' twice"));
    for (const std::uint32_t alignment : {0U, 24U, 0x80000000U})
        CHECK_THAT(refused(withEntry("general.alignment", gguf::kU32, GgufBytes::le(alignment))),
            Contains("the alignment of the data"));
    CHECK_THAT(refused(withEntry("general.alignment", gguf::kU64, GgufBytes::le<std::uint64_t>(32))),
        Contains("the alignment of the data"));
}

TEST_CASE("tensors that make no sense are refused with their names")
{
    CHECK_THAT(refused(withTensors({small("t"), small("u"), small("t")})), Contains("'t' is named twice"));
    CHECK_THAT(refused(withTensors({small("\xff")})), Contains("not valid UTF-8"));
    CHECK_THAT(refused(withTensors({small("")})), Contains("tensor name is empty"));
    CHECK_THAT(refused(withTensors({small("a\x1b[0m")})), Contains("control character"));
    CHECK_THAT(refused(withTensors({{"t", {1, 1, 1, 1, 1, 1, 1, 1, 1}, gguf::kF32, "data", {}}})),
        Contains("'t' has 9 dimensions"));
    CHECK_THAT(refused(withTensors({{"t", {-1}, gguf::kF32, "data", {}}})),
        Contains("shape of tensor 't' overflows"));
    constexpr std::int64_t kWide = std::int64_t{1} << 40;
    CHECK_THAT(refused(withTensors({{"t", {kWide, kWide}, gguf::kF32, "data", {}}})), Contains("overflows"));
    CHECK_THAT(refused(withTensors({{"t", {1 << 30, std::int64_t{1} << 32}, gguf::kQ4_0, "data", {}}})),
        Contains("overflows"));
    CHECK_THAT(refused(withTensors({{"t", {2, 48}, gguf::kQ8_0, "data", {}}})),
        Contains("48 columns") && Contains("blocks of 32") && Contains("Q8_0"));
    CHECK_THAT(
        unsupported(withTensors({{"t", {2}, 99, "data", {}}})), Contains("'t' has the unknown type 99"));
    CHECK_THAT(
        unsupported(withTensors({{"t", {2}, 4, "data", {}}})), Contains("unknown type 4")); // Q4_2, removed
}

TEST_CASE("places outside the file, on each other or between the steps of the alignment are refused")
{
    const auto at = [](std::uint64_t offset, std::int64_t count = 2) {
        GgufBytes::Tensor tensor = small("moved");
        tensor.offset = offset;
        tensor.shape = {count};
        return refused(withTensors({small("t"), tensor}));
    };
    CHECK_THAT(at(64), Contains("'moved' needs 8 bytes from byte 64"));
    CHECK_THAT(at(32, 9), Contains("'moved' needs 36 bytes from byte 32"));
    CHECK_THAT(at(kHuge - 31), Contains("'moved' needs"));
    CHECK_THAT(at(33), Contains("not at a multiple of the alignment 32"));
    CHECK_THAT(at(0), Contains("inside tensor"));
    GgufBytes file = withTensors({{"a", {16}, gguf::kF32, std::string(64, 'x'), {}}, small("b")});
    file.tensors[1].offset = 32;
    CHECK_THAT(
        refused(file), Contains("'b' begins at byte 32 of the data, inside tensor 'a', which ends at 64"));
}

TEST_CASE("original shapes must fit")
{
    const auto shape = [](std::uint32_t type, std::uint64_t count, const std::string& bytes) {
        return withEntry("comfy.gguf.orig_shape.t", gguf::kList, GgufBytes::list(type, count, bytes));
    };
    CHECK_THAT(refused(shape(gguf::kI32, 1, GgufBytes::le<std::int32_t>(3))),
        Contains("does not fit its original shape [3]"));
    CHECK_THAT(
        refused(shape(gguf::kI32, 1, GgufBytes::le<std::int32_t>(-2))), Contains("not a list of dimensions"));
    CHECK_THAT(refused(shape(gguf::kFloat, 1, GgufBytes::le(2.0F))), Contains("not a list of dimensions"));
    CHECK_THAT(refused(shape(gguf::kI32, 0, {})), Contains("not a list of dimensions"));
    CHECK_THAT(refused(shape(gguf::kI32, kHuge, {})), Contains("not a list of dimensions"));
    CHECK_THAT(refused(withEntry("comfy.gguf.orig_shape.t", gguf::kU32, GgufBytes::le<std::uint32_t>(2))),
        Contains("not a list of dimensions"));
    GgufBytes twice = shape(gguf::kI32, 1, GgufBytes::le<std::int32_t>(2));
    twice.entry("comfy.gguf.orig_shape.t", gguf::kList,
        GgufBytes::list(gguf::kI32, 1, GgufBytes::le<std::int32_t>(2)));
    CHECK_THAT(refused(twice), Contains("twice"));
}

TEST_CASE("a tensor without values needs no padding before it")
{
    const TempFolder folder;
    const GgufBytes file = withTensors({{"t", {0, 3}, gguf::kF32, {}, {}}});
    const auto opened = openCheckpoint(folder.write("m.gguf", file.header()));
    REQUIRE(opened);
    CHECK((*opened)->tensors()[0].bytes == 0);
    CHECK((*opened)->read(0, 0, {})); // found by the fuzzer
}

TEST_CASE("bytes that belong to no tensor are reported, not refused")
{
    const TempFolder folder;
    GgufBytes file = withTensors({small("a"), small("b")});
    file.tensors[1].offset = 96;
    const auto opened = openCheckpoint(folder.write("m.gguf", file.bytes() + std::string(96, 'x')));
    REQUIRE(opened);
    REQUIRE((*opened)->info().warnings.size() == 1);
    CHECK_THAT((*opened)->info().warnings[0], Contains("belong to no tensor"));
}
