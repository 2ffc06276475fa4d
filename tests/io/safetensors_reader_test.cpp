// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/tensor_source.h"
#include "tests/io/temp_files.h"
#include "tests/support/cpu_clock.h"

#include <catch2/catch.hpp>
#include <chrono>

#include <sys/resource.h>

using namespace mantissa;
using namespace mantissa::test;
using Catch::Contains;

namespace {

const std::string kF32x2 = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

Error refusal(const std::string& bytes, const char* name = "m.safetensors")
{
    const TempFolder folder;
    const auto path = folder.write(name, bytes);
    const auto source = openCheckpoint(path);
    REQUIRE_FALSE(source);
    CHECK_THAT(source.error().where, Contains(path.string()));
    CHECK_FALSE(source.error().message.empty());
    return source.error();
}

/// The message for a header that must be refused as malformed.
std::string refusedHeader(const std::string& header, std::size_t dataBytes = 8)
{
    const Error error = refusal(safetensorsBytes(header, dataBytes));
    CHECK(error.code == ErrorCode::InvalidInput);
    CHECK_THAT(error.where, Contains(", byte "));
    return error.message;
}

std::string entry(const char* dtype, const std::string& shape, std::uint64_t begin, std::uint64_t end)
{
    return fmt::format(R"({{"dtype":"{}","shape":{},"data_offsets":[{},{}]}})", dtype, shape, begin, end);
}

} // namespace

TEST_CASE("a header gives names, dtypes, shapes and bytes in the order of the data")
{
    const TempFolder folder;
    const std::string header = R"({"__metadata__":{"format":"pt","k":"\u00e9\n"},)"
                               R"("b":{"dtype":"F16","shape":[2,2],"data_offsets":[4,12]},)"
                               R"("a\u00e9":{"data_offsets":[0,4],"shape":[],"dtype":"F32"},)"
                               R"("empty":{"dtype":"I64","shape":[0,3],"data_offsets":[0,0]}}    )";
    const auto path = folder.write("m", safetensorsBytes(header, 12)); // recognised without the extension
    const auto opened = openCheckpoint(path);
    REQUIRE(opened);
    const TensorSource& source = **opened;
    CHECK(source.info().container == "safetensors");
    CHECK(source.info().path == path);
    REQUIRE(source.info().files.size() == 1);
    CHECK(source.info().files[0].bytes == std::filesystem::file_size(path));
    CHECK(source.info().metadata == std::map<std::string, std::string>{{"format", "pt"}, {"k", "é\n"}});
    CHECK(source.info().warnings.empty());
    REQUIRE(source.tensors().size() == 3);
    CHECK(source.tensors()[0].name == "empty");
    CHECK(source.tensors()[1].name == "aé");
    CHECK(source.tensors()[2].name == "b");
    CHECK(source.tensors()[1].shape.empty());
    CHECK(source.tensors()[2].shape == Shape{2, 2});
    CHECK(source.tensors()[2].dtype == DType::F16);
    CHECK(source.find("b") == 2);
    CHECK(source.find("c") == -1);
    CHECK(source.totalBytes() == 12);

    std::string data(4, 'x');
    REQUIRE(source.read(2, 3, std::as_writable_bytes(std::span(data))));
    CHECK(data == std::string("\x07\x08\x09\x0a"));
    CHECK(source.read(0, 0, {}));
    CHECK_FALSE(source.read(2, 6, std::as_writable_bytes(std::span(data))));
    CHECK_FALSE(source.read(3, 0, std::as_writable_bytes(std::span(data))));
}

TEST_CASE("every dtype of the format is known, the packed ones by whole bytes")
{
    const TempFolder folder;
    for (int i = 0; i <= static_cast<int>(DType::C64); ++i) {
        const auto dtype = static_cast<DType>(i);
        const std::uint64_t bytes = byteCount(dtype, 8).value();
        const auto path = folder.write("m",
            safetensorsBytes(
                fmt::format(R"({{"t":{}}})", entry(std::string(nameOf(dtype)).c_str(), "[2,4]", 0, bytes)),
                bytes));
        const auto source = openCheckpoint(path);
        REQUIRE(source);
        CHECK((*source)->tensors()[0].dtype == dtype);
        CHECK((*source)->tensors()[0].bytes == bytes);
    }
    CHECK_THAT(refusedHeader(R"({"t":)" + entry("F4", "[3]", 0, 1) + "}"), Contains("whole bytes"));
    CHECK_THAT(
        refusedHeader(R"({"t":)" + entry("F128", "[3]", 0, 1) + "}"), Contains("unknown dtype 'F128'"));
}

TEST_CASE("files of the reference writer open and give their bytes")
{
    const auto source = openCheckpoint(MANTISSA_TEST_DATA "/formats/inputs.safetensors");
    REQUIRE(source);
    CHECK((*source)->tensors().size() > 3);
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < (*source)->tensors().size(); ++i) {
        const TensorInfo& tensor = (*source)->tensors()[i];
        CHECK(tensor.fileOffset >= last);
        last = tensor.fileOffset;
        std::vector<std::byte> data(tensor.bytes);
        CHECK((*source)->read(i, 0, data));
    }
}

TEST_CASE("hostile offsets are refused")
{
    const auto two = [](const std::string& a, const std::string& b) {
        return refusedHeader(R"({"first":)" + a + R"(,"second":)" + b + "}", 16);
    };
    CHECK_THAT(two(entry("F32", "[2]", 0, 8), entry("F32", "[2]", 4, 12)), Contains("inside tensor 'first'"));
    CHECK_THAT(two(entry("F32", "[2]", 0, 8), entry("F32", "[2]", 0, 8)), Contains("inside tensor 'first'"));
    CHECK_THAT(two(entry("F32", "[1]", 0, 4), entry("F32", "[2]", 8, 16)), Contains("hole from byte 4"));
    CHECK_THAT(two(entry("F32", "[1]", 4, 8), entry("F32", "[2]", 8, 16)), Contains("hole from byte 0"));
    CHECK_THAT(two(entry("F32", "[2]", 8, 0), entry("F32", "[2]", 8, 16)), Contains("before it begins"));
    CHECK_THAT(two(entry("F32", "[2]", 0, 8), entry("F32", "[3]", 8, 20)), Contains("holds only 16"));
    CHECK_THAT(two(entry("F32", "[2]", 0, 8), entry("F32", "[2]", 8, 18446744073709551615U)),
        Contains("holds only"));
    CHECK_THAT(two(entry("F32", "[2]", 0, 8), entry("F32", "[1]", 8, 16)), Contains("needs 4 bytes"));
    CHECK_THAT(two(entry("F32", "[4294967296,4294967296]", 0, 8), entry("F32", "[2]", 8, 16)),
        Contains("overflows"));
    CHECK_THAT(
        two(entry("F32", "[18446744073709551615]", 0, 8), entry("F32", "[2]", 8, 16)), Contains("overflows"));
    CHECK_THAT(
        two(entry("F32", "[4611686018427387906]", 0, 8), entry("F32", "[2]", 8, 16)), Contains("overflows"));
}

TEST_CASE("bytes after the last tensor: a few are ignored with a warning, more are refused")
{
    const TempFolder folder;
    for (const std::size_t extra : {1U, 4U, 7U}) {
        const auto source
            = openCheckpoint(folder.write("m", safetensorsBytes(R"({"a":)" + kF32x2 + "}", 8 + extra)));
        REQUIRE(source);
        REQUIRE((*source)->info().warnings.size() == 1);
        CHECK_THAT((*source)->info().warnings[0], Contains(std::to_string(extra) + " byte"));
    }
    CHECK_THAT(refusedHeader(R"({"a":)" + kF32x2 + "}", 16), Contains("8 bytes follow the last tensor"));
}

TEST_CASE("hostile names are refused")
{
    const std::string second = entry("F32", "[2]", 8, 16);
    CHECK_THAT(
        refusedHeader(R"({"a":)" + kF32x2 + R"(,"a":)" + second + "}", 16), Contains("'a' is named twice"));
    CHECK_THAT(
        refusedHeader(R"({"a":)" + kF32x2 + R"(,"\u0061":)" + second + "}", 16), Contains("named twice"));
    CHECK_THAT(refusedHeader("{\"\xff\":" + kF32x2 + "}"), Contains("UTF-8"));
    CHECK_THAT(refusedHeader("{\"\xc0\xaf\":" + kF32x2 + "}"), Contains("UTF-8")); // overlong
    CHECK_THAT(refusedHeader("{\"\xed\xa0\x80\":" + kF32x2 + "}"), Contains("UTF-8")); // surrogate
    CHECK_THAT(refusedHeader(R"({"\ud800":)" + kF32x2 + "}"), Contains("JSON"));
    CHECK_THAT(refusedHeader(R"({"\u001b[2J":)" + kF32x2 + "}"), Contains("control character"));
    CHECK_THAT(refusedHeader(R"({"a\u0000b":)" + kF32x2 + "}"), Contains("control character"));
}

TEST_CASE("malformed entries are refused by name")
{
    CHECK_THAT(refusedHeader("{}x"), Contains("JSON"));
    CHECK_THAT(refusedHeader(R"({"a":[]})"), Contains("must be described by an object"));
    CHECK_THAT(refusedHeader(R"({"a":{"dtype":"F32","shape":[2]}})"), Contains("lacks"));
    CHECK_THAT(refusedHeader(R"({"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})"),
        Contains("twice"));
    CHECK_THAT(refusedHeader(R"({"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}})"), Contains("dtype"));
    CHECK_THAT(refusedHeader(R"({"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}})"), Contains("lists"));
    CHECK_THAT(
        refusedHeader(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})"), Contains("negative"));
    CHECK_THAT(
        refusedHeader(R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})"), Contains("whole"));
    CHECK_THAT(
        refusedHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}})"), Contains("two numbers"));
    CHECK_THAT(refusedHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}})"),
        Contains("two numbers"));
    CHECK_THAT(refusedHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}})"),
        Contains("unknown field"));
    CHECK_THAT(refusedHeader(R"({"__metadata__":{"a":1}})", 0), Contains("must be a text"));
    CHECK_THAT(refusedHeader(R"({"__metadata__":[]})", 0), Contains("object of texts"));
    CHECK_THAT(refusedHeader(R"({"__metadata__":{"a":"b","a":"c"}})", 0), Contains("twice"));
    CHECK_THAT(refusedHeader(R"({"__metadata__":{},"__metadata__":{}})", 0), Contains("twice"));
    std::string dimensions = "[1";
    for (int i = 0; i < 64; ++i)
        dimensions += ",1";
    CHECK_THAT(refusedHeader(R"({"a":)" + entry("F32", dimensions + "]", 0, 4) + "}"),
        Contains("more than 64 dimensions"));
}

TEST_CASE("deep JSON ends at once")
{
    CHECK_THAT(refusedHeader(R"({"a":)" + std::string(1'000'000, '[')), Contains("must be described"));
    CHECK_THAT(
        refusedHeader(R"({"a":{"dtype":"F32","shape":)" + std::string(1'000'000, '[')), Contains("lists"));
    std::string objects;
    for (int i = 0; i < 100'000; ++i)
        objects += R"({"a":)";
    CHECK_THAT(refusedHeader(objects), Contains("unknown field"));
}

TEST_CASE("lying header lengths and truncated files are refused")
{
    const std::string whole = safetensorsBytes(R"({"a":)" + kF32x2 + "}", 8);
    for (std::size_t n = 0; n < whole.size(); ++n) {
        INFO(n);
        CHECK(refusal(whole.substr(0, n)).code == ErrorCode::InvalidInput);
    }
    std::string lying = whole;
    lying.replace(0, 8, bytesOf(std::uint64_t{100'000'001}));
    CHECK_THAT(refusal(lying).message, Contains("more than the 100000000"));
    lying.replace(0, 8, bytesOf(~std::uint64_t{0}));
    CHECK_THAT(refusal(lying).message, Contains("more than the 100000000"));
    lying.replace(0, 8, bytesOf(std::uint64_t{99'999'999}));
    CHECK_THAT(refusal(lying).message, Contains("the file has only"));
    lying.replace(0, 8, bytesOf(std::uint64_t{0}));
    CHECK_THAT(refusal(lying).message, Contains("does not start with '{'"));
    lying.replace(0, 8, bytesOf(std::uint64_t{1}));
    CHECK_THAT(refusal(lying).message, Contains("JSON"));
    CHECK_THAT(refusal(safetensorsBytes(R"( {"a":)" + kF32x2 + "}", 8)).message,
        Contains("does not start with '{'"));
}

TEST_CASE("a file that shrinks after it was opened gives an error")
{
    const TempFolder folder;
    const auto path = folder.write("m", safetensorsBytes(R"({"a":)" + kF32x2 + "}", 8));
    const auto source = openCheckpoint(path);
    REQUIRE(source);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 3);
    std::vector<std::byte> data(8);
    const Status status = (*source)->read(0, 0, data);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::InvalidInput);
}

TEST_CASE("opening 24 GB reads only the header")
{
    const TempFolder folder;
    std::string header = "{";
    const std::uint64_t each = 8 << 20;
    for (std::uint64_t i = 0; i < 3072; ++i) // the number of tensors of a large model
        header += fmt::format(
                      R"({}"model.diffusion_model.double_blocks.{}.img_attn.qkv.weight":)", i ? "," : "", i)
            + entry("BF16", "[2048,2048]", i * each, (i + 1) * each);
    header += "}";
    const auto path = folder.write("m", safetensorsBytes(header, 0));
    std::filesystem::resize_file(path, std::filesystem::file_size(path) + 3072 * each); // sparse
    REQUIRE(std::filesystem::file_size(path) > 24'000'000'000U);

    const test::CpuClock clock;
    const auto source = openCheckpoint(path);
    const auto elapsed = clock.elapsed();
    REQUIRE(source);
    CHECK((*source)->totalBytes() == 3072 * each);
    rusage usage{};
    REQUIRE(::getrusage(RUSAGE_SELF, &usage) == 0);
#if !defined(__SANITIZE_ADDRESS__)
    CHECK(elapsed < std::chrono::milliseconds(100));
    CHECK(usage.ru_maxrss < 50 * 1024); // KiB
#endif
}
