// SPDX-License-Identifier: GPL-3.0-or-later
// Files written by torch itself (tests/golden/io/make.py): every value must come out as torch saw it.
#include "engine/io/tensor_source.h"
#include "tests/io/temp_files.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::test;
using Catch::Contains;

namespace {

std::shared_ptr<const TensorSource> golden(const std::string& name)
{
    auto source = openCheckpoint(MANTISSA_TEST_DATA "/io/" + name);
    INFO(name << ": " << (source ? "" : source.error().message + " at " + source.error().where));
    REQUIRE(source);
    return *source;
}

std::string bytesOfTensor(const TensorSource& source, std::size_t tensor)
{
    std::string bytes(source.tensors()[tensor].bytes, '\0');
    REQUIRE(source.read(tensor, 0, std::as_writable_bytes(std::span(bytes))));
    return bytes;
}

std::string warningsOf(const TensorSource& source)
{
    std::string all;
    for (const std::string& warning : source.info().warnings)
        all += warning + '\n';
    return all;
}

} // namespace

TEST_CASE("PyTorch files give what torch sees", "[torch]")
{
    const auto expected = golden("torch.safetensors");
    const auto [name, container] = GENERATE(std::pair("torch_zip.pt", "torch-zip"),
        std::pair("torch_legacy.ckpt", "torch-legacy"), std::pair("torch_protocol4.pth", "torch-zip"));
    const auto source = golden(name);
    INFO(name);
    CHECK(source->info().container == container);
    REQUIRE(source->tensors().size() == expected->tensors().size());
    CHECK(source->tensors()[0].name == "plain"); // the order of the map
    CHECK(source->tensors()[1].name == "transposed");
    for (std::size_t i = 0; i < expected->tensors().size(); ++i) {
        const TensorInfo& wanted = expected->tensors()[i];
        INFO(wanted.name);
        const std::ptrdiff_t at = source->find(wanted.name);
        REQUIRE(at >= 0);
        const TensorInfo& found = source->tensors()[static_cast<std::size_t>(at)];
        CHECK(found.dtype == wanted.dtype);
        CHECK(found.shape == wanted.shape);
        REQUIRE(found.bytes == wanted.bytes);
        const std::string whole = bytesOfTensor(*expected, i);
        CHECK(bytesOfTensor(*source, static_cast<std::size_t>(at)) == whole);
        for (std::uint64_t begin = 0; begin < found.bytes; begin += 5) // any part, cutting through elements
            for (const std::uint64_t length : {1U, 3U, 8U, 21U, 64U}) {
                std::string part(std::min<std::uint64_t>(length, found.bytes - begin), '\0');
                REQUIRE(source->read(
                    static_cast<std::size_t>(at), begin, std::as_writable_bytes(std::span(part))));
                REQUIRE(part == whole.substr(begin, part.size()));
            }
    }
}

TEST_CASE("what is left out of a checkpoint is said", "[torch]")
{
    for (const char* name : {"torch_zip.pt", "torch_legacy.ckpt"}) {
        const std::string warnings = warningsOf(*golden(name));
        for (const char* part : {"'epoch'", "'optimizer'", "'device'", "numpy"})
            CHECK_THAT(warnings, Contains(part));
        CHECK_THAT(warnings, !Contains("state_dict"));
    }
    CHECK(warningsOf(*golden("torch_protocol4.pth")).empty());
}

TEST_CASE("nested maps are descended into", "[torch]")
{
    const auto modelOpt = golden("modelopt.pt");
    CHECK(modelOpt->find("weight") >= 0);
    CHECK(modelOpt->tensors().size() == 2);
    CHECK_THAT(warningsOf(*modelOpt), Contains("ModelOpt"));
    const auto embedding = golden("embedding.bin");
    REQUIRE(embedding->tensors().size() == 1);
    CHECK(embedding->tensors()[0].name == "string_to_param.*");
}

TEST_CASE("a pickle that would run something is refused by name, and listed", "[torch]")
{
    for (const char* name : {"evil_zip.pt", "evil_legacy.pt"}) {
        const std::string path = std::string(MANTISSA_TEST_DATA "/io/") + name;
        const auto source = openCheckpoint(path);
        REQUIRE_FALSE(source);
        CHECK(source.error().code == ErrorCode::InvalidInput);
        CHECK_THAT(source.error().message, Contains("'posix.system'"));
        CHECK_THAT(source.error().where, Contains(", byte "));
        CHECK_FALSE(source.error().hint.empty());
        const auto calls = listDangerousCalls(path);
        REQUIRE(calls);
        REQUIRE(calls->size() == 1);
        CHECK(calls->front().global == "posix.system");
        CHECK(calls->front().offset > 0);
        CHECK_THAT(source.error().where, Contains("byte " + std::to_string(calls->front().offset)));
    }
    const auto module = openCheckpoint(MANTISSA_TEST_DATA "/io/whole_module.pt");
    REQUIRE_FALSE(module);
    CHECK_THAT(module.error().message, Contains("torch.nn.modules.linear.Linear"));
    const auto calls = listDangerousCalls(MANTISSA_TEST_DATA "/io/whole_module.pt");
    REQUIRE(calls);
    CHECK(std::ranges::any_of(
        *calls, [](const PickleCall& c) { return c.global == "torch.nn.modules.linear.Linear"; }));
    CHECK(listDangerousCalls(MANTISSA_TEST_DATA "/io/torch_zip.pt")->empty());
    CHECK(listDangerousCalls(MANTISSA_TEST_DATA "/io/torch_legacy.ckpt")->empty());
    CHECK(listDangerousCalls(MANTISSA_TEST_DATA "/io/torch.safetensors")->empty());
    CHECK(listDangerousCalls(MANTISSA_TEST_DATA "/io/none").error().code == ErrorCode::System);
}

TEST_CASE("a TorchScript program is not a checkpoint", "[torch]")
{
    const auto source = openCheckpoint(MANTISSA_TEST_DATA "/io/script.pt");
    REQUIRE_FALSE(source);
    CHECK(source.error().code == ErrorCode::Unsupported);
    CHECK_THAT(source.error().message, Contains("TorchScript"));
}

TEST_CASE("a PyTorch file that is cut off anywhere is refused", "[torch]")
{
    const TempFolder folder;
    for (const char* name : {"modelopt.pt", "evil_legacy.pt", "torch_legacy.ckpt"}) {
        std::ifstream in(std::string(MANTISSA_TEST_DATA "/io/") + name, std::ios::binary);
        const std::string whole{std::istreambuf_iterator<char>(in), {}};
        REQUIRE(whole.size() > 100);
        for (std::size_t n = 0; n < whole.size(); n += 1 + whole.size() / 300) {
            INFO(name << " cut at " << n);
            const auto source = openCheckpoint(folder.write("x.pt", whole.substr(0, n)));
            REQUIRE_FALSE(source);
            CHECK(source.error().code == ErrorCode::InvalidInput);
            CHECK_FALSE(source.error().where.empty());
        }
    }
}

TEST_CASE("sharded PyTorch files open by their index", "[torch]")
{
    const TempFolder folder;
    const std::filesystem::path data = MANTISSA_TEST_DATA "/io";
    std::filesystem::copy_file(data / "modelopt.pt", folder.path() / "pytorch_model-00001-of-00002.bin");
    std::filesystem::copy_file(data / "embedding.bin", folder.path() / "pytorch_model-00002-of-00002.bin");
    folder.write("pytorch_model.bin.index.json",
        R"({"weight_map":{"weight":"pytorch_model-00001-of-00002.bin","string_to_param.*":"pytorch_model-00002-of-00002.bin"}})");
    const auto source = openCheckpoint(folder.path());
    REQUIRE(source);
    CHECK((*source)->info().container == "torch-sharded");
    CHECK((*source)->tensors().size() == 3);
}
