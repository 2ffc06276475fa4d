// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/safetensors_header.h"
#include "engine/io/tensor_source.h"
#include "tests/io/temp_files.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::test;

TEST_CASE("a header is what the reference writer makes")
{
    const auto header
        = makeSafetensorsHeader({{"b", DType::F16, {2, 2}}, {"z", DType::F32, {}}, {"a", DType::F16, {0}}},
            {{"k", "1\n\t\x01\"\\é"}});
    REQUIRE(header);
    CHECK(header->bytes.substr(8)
        == R"({"__metadata__":{"k":"1\n\t\u0001\"\\é"},"z":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
           R"("a":{"dtype":"F16","shape":[0],"data_offsets":[4,4]},"b":{"dtype":"F16","shape":[2,2],"data_offsets":[4,12]}}     )");
    CHECK(header->bytes.substr(0, 8) == bytesOf(std::uint64_t{header->bytes.size() - 8}));
    CHECK(header->bytes.size() % 8 == 0);
    CHECK(header->offsets == std::vector<std::uint64_t>{4, 0, 4});
    CHECK(header->dataBytes == 12);
    CHECK(makeSafetensorsHeader({}, {})->bytes.substr(8) == "{}      ");
}

TEST_CASE("the layout of the reference writer's files is found again")
{
    for (const char* name : {"ctq/nvfp4.safetensors", "ctq/int8_row_convrot.safetensors",
             "ctq/mxfp8.safetensors", "formats/inputs.safetensors", "formats/casts.safetensors",
             "arch/flux1.safetensors", "io/dtypes.safetensors"}) {
        INFO(name);
        const auto source = openCheckpoint(std::filesystem::path(MANTISSA_TEST_DATA) / name);
        REQUIRE(source);
        std::vector<HeaderTensor> tensors;
        for (const TensorInfo& tensor : (*source)->tensors())
            tensors.insert(tensors.begin(), {tensor.name, tensor.dtype, tensor.shape});
        const auto header = makeSafetensorsHeader(tensors, (*source)->info().metadata);
        REQUIRE(header);
        REQUIRE(header->dataBytes == (*source)->totalBytes());
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            const TensorInfo& original = (*source)->tensors()[tensors.size() - 1 - i];
            INFO(original.name);
            CHECK(header->offsets[i] + header->bytes.size() == original.fileOffset);
        }
    }
}

TEST_CASE("what is written is read back")
{
    const TempFolder folder;
    const std::map<std::string, std::string> metadata{
        {"", ""}, {"json", R"({"a": [1, "\u00e9"]})"}, {"nul", std::string(1, '\0')}};
    const auto header
        = makeSafetensorsHeader({{"ключ/\"\\", DType::I8, {5}}, {"", DType::F4, {2, 4}}}, metadata);
    REQUIRE(header);
    const auto source
        = openCheckpoint(folder.write("m", header->bytes + std::string(header->dataBytes, 'x')));
    REQUIRE(source);
    CHECK((*source)->info().metadata == metadata);
    CHECK((*source)->find("ключ/\"\\") == 0);
    CHECK((*source)->find("") == 1);
}

TEST_CASE("what no reader would take back is not written")
{
    const auto refused = [](const std::vector<HeaderTensor>& tensors,
                             const std::map<std::string, std::string>& metadata = {}) {
        const auto header = makeSafetensorsHeader(tensors, metadata);
        return !header && header.error().code == ErrorCode::InvalidInput && !header.error().where.empty();
    };
    CHECK(refused({{"a", DType::F32, {}}, {"a", DType::F16, {}}}));
    CHECK(refused({{"\xff", DType::F32, {}}}));
    CHECK(refused({{"\x1b[2J", DType::F32, {}}}));
    CHECK(refused({{"__metadata__", DType::F32, {}}}));
    CHECK(refused({{"a", DType::F4, {3}}}));
    CHECK(refused({{"a", DType::F32, {-1}}}));
    CHECK(refused({{"a", DType::F32, {std::int64_t{1} << 62, 4}}}));
    CHECK(refused({{"a", DType::U8, {std::int64_t{1} << 62}}, {"b", DType::U8, {std::int64_t{1} << 62}},
        {"c", DType::U8, {std::int64_t{1} << 62}}, {"d", DType::U8, {std::int64_t{1} << 62}}}));
    CHECK(refused({}, {{"k", "\xff"}}));
    CHECK(refused({}, {{"\xff", "v"}}));
}
