// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/safetensors_header.h"
#include "engine/io/tensor_source.h"
#include "tests/io/temp_files.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include <sys/stat.h>

using namespace mantissa;
using namespace mantissa::test;
using Catch::Contains;

namespace {

/// A whole file with one U8 tensor of this name for each given fill byte.
std::string fileWith(const std::vector<std::pair<std::string, char>>& tensors,
    const std::map<std::string, std::string>& metadata = {})
{
    std::vector<HeaderTensor> described;
    std::string data;
    for (const auto& [name, fill] : tensors) {
        described.push_back({name, DType::U8, {3}});
        data += std::string(3, fill);
    }
    return makeSafetensorsHeader(described, metadata).value().bytes + data;
}

std::string textOf(const TensorSource& source, std::string_view name)
{
    const std::ptrdiff_t i = source.find(name);
    REQUIRE(i >= 0);
    std::string text(source.tensors()[static_cast<std::size_t>(i)].bytes, '\0');
    REQUIRE(source.read(static_cast<std::size_t>(i), 0, std::as_writable_bytes(std::span(text))));
    return text;
}

Error refused(const std::filesystem::path& path)
{
    const auto source = openCheckpoint(path);
    REQUIRE_FALSE(source);
    CHECK_FALSE(source.error().where.empty());
    return source.error();
}

std::string warningsOf(const TensorSource& source)
{
    std::string all;
    for (const std::string& warning : source.info().warnings)
        all += warning + '\n';
    return all;
}

const char* const kIndex
    = R"({"metadata":{"total_size":6,"x":[{"y":null}]},"weight_map":{)"
      R"("a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}})";

void writeShards(const TempFolder& folder)
{
    folder.write("model.safetensors.index.json", kIndex);
    folder.write("model-00001-of-00002.safetensors", fileWith({{"a", '1'}}, {{"format", "pt"}}));
    folder.write("model-00002-of-00002.safetensors", fileWith({{"b", '2'}}, {{"format", "pt"}}));
}

} // namespace

TEST_CASE("a sharded set opens by its index, by its folder, and without the index")
{
    const TempFolder folder;
    writeShards(folder);
    const auto check = [&](const std::filesystem::path& path) {
        const auto source = openCheckpoint(path);
        REQUIRE(source);
        CHECK((*source)->info().container == "safetensors-sharded");
        CHECK((*source)->info().path == path);
        CHECK((*source)->info().files.size() == 2);
        CHECK((*source)->info().metadata == std::map<std::string, std::string>{{"format", "pt"}});
        CHECK((*source)->info().warnings.empty());
        REQUIRE((*source)->tensors().size() == 2);
        CHECK((*source)->tensors()[1].file == 1);
        CHECK(textOf(**source, "a") == "111");
        CHECK(textOf(**source, "b") == "222");
    };
    check(folder.path() / "model.safetensors.index.json");
    check(folder.path());
    std::filesystem::remove(folder.path() / "model.safetensors.index.json");
    check(folder.path());
    std::filesystem::remove(folder.path() / "model-00002-of-00002.safetensors");
    CHECK_THAT(refused(folder.path()).message, Contains("only 1 of the 2 shards"));
}

TEST_CASE("an index and its shards must agree")
{
    const TempFolder folder;
    writeShards(folder);
    const auto index = folder.path() / "model.safetensors.index.json";
    SECTION("missing shard")
    {
        std::filesystem::remove(folder.path() / "model-00002-of-00002.safetensors");
        const Error error = refused(index);
        CHECK(error.code == ErrorCode::InvalidInput);
        CHECK_THAT(error.message, Contains("'model-00002-of-00002.safetensors' is missing"));
    }
    SECTION("missing tensor")
    {
        folder.write("model-00002-of-00002.safetensors", fileWith({{"c", '2'}}));
        CHECK_THAT(refused(index).message, Contains("tensor 'b' is not in 'model-00002"));
    }
    SECTION("tensor beyond the index")
    {
        folder.write("model-00002-of-00002.safetensors", fileWith({{"b", '2'}, {"c", '3'}}));
        const auto source = openCheckpoint(index);
        REQUIRE(source);
        CHECK(textOf(**source, "c") == "333");
        CHECK_THAT(warningsOf(**source), Contains("1 tensor is not listed"));
    }
    SECTION("tensor in two shards")
    {
        folder.write("model-00002-of-00002.safetensors", fileWith({{"a", '2'}, {"b", '2'}}));
        CHECK_THAT(refused(index).message, Contains("tensor 'a' is also in model-00001"));
    }
    SECTION("broken shard")
    {
        folder.write("model-00002-of-00002.safetensors", "short");
        CHECK_THAT(refused(index).where, Contains("model-00002"));
    }
    SECTION("pipe as a shard")
    {
        const auto shard = folder.path() / "model-00002-of-00002.safetensors";
        std::filesystem::remove(shard);
        REQUIRE(::mkfifo(shard.c_str(), 0600) == 0);
        CHECK(refused(index).code == ErrorCode::InvalidInput);
    }
    SECTION("different metadata")
    {
        folder.write("model-00002-of-00002.safetensors", fileWith({{"b", '2'}}, {{"format", "np"}}));
        const auto source = openCheckpoint(index);
        REQUIRE(source);
        CHECK((*source)->info().metadata.at("format") == "pt");
        CHECK_THAT(warningsOf(**source), Contains("another value of the metadata entry 'format'"));
    }
}

TEST_CASE("hostile indexes are refused")
{
    const TempFolder folder;
    folder.write("outside.safetensors", fileWith({{"a", '1'}}));
    const auto index = [&](const std::string& text) {
        const Error error = refused(folder.write("set/x.index.json", text));
        CHECK(error.code == ErrorCode::InvalidInput);
        return error.message;
    };
    for (const char* name :
        {"../outside.safetensors", "/etc/passwd", "a/b", "..", ".", "", "..\\\\x", "a\\u0000b", "a\\nb"}) {
        INFO(name);
        CHECK_THAT(
            index(fmt::format(R"({{"weight_map":{{"a":"{}"}}}})", name)), Contains("not a plain file name"));
    }
    CHECK_THAT(index("{"), Contains("JSON"));
    CHECK_THAT(index("{}"), Contains("no weight_map"));
    CHECK_THAT(index(R"({"a":{"weight_map":{"a":"b"}}})"), Contains("no weight_map"));
    CHECK_THAT(index(R"({"weight_map":[]})"), Contains("JSON"));
    CHECK_THAT(index(R"({"weight_map":3})"), Contains("expected"));
    CHECK_THAT(index(R"({"weight_map":{"a":3}})"), Contains("file name"));
    CHECK_THAT(index(R"({"weight_map":{"a":{}}})"), Contains("file name"));
    CHECK_THAT(index(R"({"weight_map":{"a":"b"},"weight_map":{}})"), Contains("twice"));
    CHECK_THAT(index(R"({"weight_map":{"a":"b","a":"b"}})"), Contains("'a' twice"));
    CHECK_THAT(index(R"({"metadata":)" + std::string(100'000, '[')), Contains("deeply"));
    CHECK_THAT(index("{\"\xff\":1}"), Contains("UTF-8"));
    CHECK_THAT(index(R"({"weight_map":{"a":"x.index.json"}})"), Contains("JSON file"));
}

TEST_CASE("a diffusers folder opens each component under its name")
{
    const TempFolder folder;
    folder.write("model_index.json",
        R"({"_class_name":"StableDiffusionPipeline","_x":["a","b"],"unet":["diffusers","UNet2DConditionModel"],)"
        R"("vae":["diffusers","AutoencoderKL"],"safety_checker":[null,null],"feature_extractor":["transformers","CLIPImageProcessor"],)"
        R"("scheduler":["diffusers","PNDMScheduler"],"requires_safety_checker":true,"text_encoder":["transformers","CLIPTextModel"]})");
    folder.write(
        "unet/diffusion_pytorch_model.safetensors", fileWith({{"conv_in.weight", 'u'}}, {{"format", "pt"}}));
    folder.write("unet/diffusion_pytorch_model.fp16.safetensors", fileWith({{"conv_in.weight", 'f'}}));
    folder.write("unet/config.json", R"({"_class_name":"UNet2DConditionModel"})");
    folder.write("vae/diffusion_pytorch_model.fp16.safetensors", fileWith({{"conv_in.weight", 'v'}}));
    folder.write("vae/config.json", std::string((1 << 20) + 1, ' '));
    folder.write("scheduler/scheduler_config.json", "{}");
    folder.write("text_encoder/model.safetensors.index.json", kIndex);
    folder.write("text_encoder/model-00001-of-00002.safetensors", fileWith({{"a", '1'}}));
    folder.write("text_encoder/model-00002-of-00002.safetensors", fileWith({{"b", '2'}}));
    folder.write("text_encoder/pytorch_model.bin", "never opened");
    const auto opened = openCheckpoint(folder.path());
    REQUIRE(opened);
    const TensorSource& source = **opened;
    CHECK(source.info().container == "diffusers");
    CHECK(textOf(source, "unet.conv_in.weight") == "uuu");
    CHECK(textOf(source, "vae.conv_in.weight") == "vvv");
    CHECK(textOf(source, "text_encoder.a") == "111");
    CHECK(textOf(source, "text_encoder.b") == "222");
    CHECK(source.tensors().size() == 4);
    REQUIRE(source.info().files.size() == 4);
    for (const TensorInfo& tensor : source.tensors())
        CHECK(
            source.info().files[tensor.file].path.string().find(tensor.name.substr(0, tensor.name.find('.')))
            != std::string::npos);
    CHECK(source.info().configs.at("unet/config.json") == R"({"_class_name":"UNet2DConditionModel"})");
    CHECK(source.info().configs.contains("model_index.json"));
    CHECK(source.info().configs.contains("scheduler/scheduler_config.json"));
    CHECK_FALSE(source.info().configs.contains("vae/config.json"));
    const std::string warnings = warningsOf(source);
    CHECK_THAT(warnings, Contains("unet: diffusion_pytorch_model.fp16.safetensors was left out"));
    CHECK_THAT(warnings, Contains("vae: only the variant fp16 is there"));
    CHECK_THAT(warnings, Contains("vae: config.json was ignored: it is larger"));
    CHECK_THAT(warnings, Contains("text_encoder: pytorch_model.bin was left out"));
    CHECK_THAT(warnings, Contains("feature_extractor (CLIPImageProcessor) is missing"));

    CHECK(openCheckpoint(folder.path() / "model_index.json"));
    const auto alone = openCheckpoint(folder.path() / "unet");
    REQUIRE(alone);
    CHECK(textOf(**alone, "conv_in.weight") == "uuu");
    CHECK((*alone)->info().configs.contains("config.json"));

    std::filesystem::remove(folder.path() / "unet/diffusion_pytorch_model.safetensors");
    std::filesystem::remove(folder.path() / "unet/diffusion_pytorch_model.fp16.safetensors");
    CHECK_THAT(refused(folder.path()).message, Contains("unet (UNet2DConditionModel) has no weights"));
}

TEST_CASE("hostile pipelines and folders are refused")
{
    const TempFolder folder;
    const auto pipeline = [&](const std::string& text) {
        folder.write("p/model_index.json", text);
        const Error error = refused(folder.path() / "p");
        CHECK(error.code == ErrorCode::InvalidInput);
        return error.message;
    };
    folder.write("secret/model.safetensors", fileWith({{"a", '1'}}));
    CHECK_THAT(pipeline(R"({"../secret":["diffusers","UNet"]})"), Contains("not a plain folder name"));
    CHECK_THAT(pipeline(R"({"/":["diffusers","UNet"]})"), Contains("not a plain folder name"));
    CHECK_THAT(pipeline(R"({"a":["x","Y"],"a":["x","Y"]})"), Contains("twice"));
    CHECK_THAT(pipeline("[]"), Contains("a list"));
    CHECK_THAT(pipeline("{}"), Contains("no component"));
    CHECK_THAT(pipeline("{\"\xff\":1}"), Contains("UTF-8"));
    CHECK_THAT(pipeline(R"({"a":)" + std::string(100'000, '[')), Contains("deep"));
    CHECK_THAT(pipeline("not json"), Contains("JSON"));
    std::string many = "{";
    for (int i = 0; i < 100; ++i)
        many += fmt::format(R"({}"c{}":["a","b"])", i ? "," : "", i);
    CHECK_THAT(pipeline(many + "}"), Contains("too many"));

    std::filesystem::create_directory(folder.path() / "empty");
    CHECK(refused(folder.path() / "empty").code == ErrorCode::InvalidInput);
    folder.write("two/one.safetensors", fileWith({{"a", '1'}}));
    folder.write("two/other.safetensors", fileWith({{"a", '1'}}));
    CHECK_THAT(refused(folder.path() / "two").message, Contains("'one.safetensors' and 'other.safetensors'"));
    CHECK(refused(folder.path() / "none").code == ErrorCode::System);
}

TEST_CASE("files that are something else are recognised")
{
    const TempFolder folder;
    const auto other = [&](std::string_view bytes, ErrorCode code, const char* name = "x.safetensors") {
        const Error error = refused(folder.write(name, bytes));
        CHECK(error.code == code);
        CHECK_FALSE(error.hint.empty());
        return error.message;
    };
    CHECK_THAT(
        other("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", ErrorCode::InvalidInput),
        Contains("Git LFS"));
    CHECK_THAT(other("<!DOCTYPE html><html>", ErrorCode::InvalidInput), Contains("web page"));
    CHECK_THAT(other("\n <HTML>", ErrorCode::InvalidInput), Contains("web page"));
    CHECK_THAT(other("", ErrorCode::InvalidInput), Contains("empty"));
    CHECK_THAT(other(R"({"error":"not found"})", ErrorCode::InvalidInput), Contains("JSON"));
    CHECK_THAT(other("[1]", ErrorCode::InvalidInput), Contains("JSON"));
    CHECK_THAT(other("\x1f\x8b\x08", ErrorCode::Unsupported), Contains("gzip"));
    CHECK_THAT(other("what is this?", ErrorCode::InvalidInput, "x"), Contains("known kind"));
}
