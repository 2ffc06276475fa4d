// SPDX-License-Identifier: GPL-3.0-or-later
// Every run of tests/golden/ctq/runs.json, tensor by tensor and key by key. Where 1.3.4 fails or writes what
// the format notes call wrong, the table below says what ours does instead; corrections_test.cpp checks the
// details.
#include "tests/ctq/ctq_harness.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace mantissa;
using namespace mantissa::test;

namespace {

enum class Expect {
    Same, ///< the file of the Python tool
    SameBut, ///< the same but for the exceptions
    Refused, ///< a clear error, nothing written
    Corrected, ///< the Python tool fails, ours writes: see corrections_test.cpp
    Nothing, ///< success, but no checkpoint is written
};

struct Expectation {
    Expect expect = Expect::Same;
    Exceptions except;
};

const std::map<std::string, Expectation>& expectations()
{
    const Expectation same;
    // Section 3.4: tiles that do not divide a layer make it row-wise; ours says so in its label.
    const Expectation relabelled{Expect::SameBut,
        {{"odd.proj.comfy_quant", "token_embedder.comfy_quant"}, {"odd.proj", "token_embedder"}}};
    const Expectation zeroScale{Expect::SameBut, {{"zero.proj.weight_scale"}, {}}}; // 3.6
    const Expectation zeroNvfp4{Expect::SameBut, // 3.9: NaN scales
        {{"zero.proj.weight", "zero.proj.weight_scale", "zero.proj.weight_scale_2", "zero.proj.bias"}, {}}};
    static const std::map<std::string, Expectation> table = {
        {"fp8_tensor", same},
        {"fp8_row", same},
        {"fp8_block64", relabelled},
        {"fp8_tensor_inputscale_fpmm", same},
        {"fp8_tensor_f16out", same},
        {"fp8_filter", same},
        {"fp8_t5xxl", same},
        {"fp8_exclude", same},
        {"fp8_nometa", same},
        {"int8_tensor", same},
        {"int8_row", same},
        {"int8_block64_heur", same},
        {"int8_block64_noheur", {Expect::Refused, {}}},
        {"int8_row_convrot", same},
        {"int8_row_convrot64", same},
        {"int8_row_dynconvrot", same},
        {"nvfp4", same},
        {"mxfp8", same},
        {"nvfp4_inputscales", same},
        {"mixed_custom_int8row", same},
        {"mixed_custom_convrot", same},
        {"mixed_custom_nvfp4", same},
        {"mixed_custom_mxfp8", same},
        {"mixed_exclude_fallback_mxfp8", {Expect::Corrected, {}}},
        {"layer_config", same},
        {"zero_fp8_tensor", same},
        {"zero_fp8_row", same},
        {"zero_int8_tensor", {Expect::Corrected, {}}},
        {"zero_int8_row", zeroScale},
        {"zero_int8_convrot64", same},
        {"zero_nvfp4", zeroNvfp4},
        {"zero_mxfp8", same},
        {"migrate_fp8_scaled", same},
        {"legacy_input_add", same},
        {"cleanup_fp8_scaled", same},
        {"edit_add_remove", same},
        {"edit_generate_meta", same},
        {"edit_remove_tensor_name", same},
        {"hybrid_mxfp8", same},
        {"actcal", {Expect::Corrected, {}}},
        {"low_memory_fp8", same},
        {"dry_run_analyze", {Expect::Nothing, {}}},
        {"dry_run_template", {Expect::Nothing, {}}},
        {"nvfp4_mixed_cpu", {Expect::Corrected, {}}},
    };
    return table;
}

nlohmann::json readRuns()
{
    std::ifstream file(std::string(MANTISSA_TEST_DATA) + "/ctq/runs.json");
    REQUIRE(file);
    return nlohmann::json::parse(file);
}

/// Files that a command line reads: names that the golden folder has and that follow an option other than -o.
void fetchInputs(const ScratchFolder& folder, const std::vector<std::string>& args)
{
    for (std::size_t i = 1; i < args.size(); ++i)
        if (args[i - 1] != "-o"
            && std::filesystem::exists(std::filesystem::path(MANTISSA_TEST_DATA) / "ctq" / args[i])
            && args[i].find('.') != std::string::npos)
            folder.fetch(args[i]);
}

void check(const std::string& name, const nlohmann::json& run, const Expectation& expectation)
{
    const auto args = run.at("args").get<std::vector<std::string>>();
    const ScratchFolder folder;
    fetchInputs(folder, args);
    const Result<CtqOutcome> outcome = runIn(folder, args);
    const std::string output = name + ".safetensors";
    if (expectation.expect == Expect::Refused) {
        REQUIRE(!outcome);
        CHECK(outcome.error().code == ErrorCode::Unsupported);
        CHECK_FALSE(outcome.error().hint.empty());
        CHECK_FALSE(folder.has(output));
        return;
    }
    if (!outcome)
        FAIL(outcome.error().message << " (" << outcome.error().where << ")");
    if (expectation.expect == Expect::Nothing) {
        CHECK_FALSE(folder.has(output));
        return;
    }
    CHECK(outcome->written == folder.path() / output);
    if (expectation.expect == Expect::Corrected) {
        CHECK(run.at("exit") != 0);
        REQUIRE(folder.has(output));
        return;
    }
    const GoldenFile written = folder.read(output);
    const GoldenFile golden("ctq/" + run.at("wrote").get<std::string>());
    for (const std::string& line : differences(written, golden, expectation.except))
        FAIL_CHECK(line);
    // No provenance of ours in what the drop-in writes.
    for (const auto& [key, value] : written.metadata())
        CHECK(golden.metadata().count(key) == 1);
}

} // namespace

TEST_CASE("every run of the Python tool is reproduced")
{
    const nlohmann::json runs = readRuns();
    REQUIRE(runs.size() == expectations().size());
    for (const auto& [name, run] : runs.items()) {
        const auto at = expectations().find(name);
        if (at == expectations().end())
            FAIL("no expectation for the run " << name);
        DYNAMIC_SECTION(name)
        {
            check(name, run, at->second);
        }
    }
}

TEST_CASE("the comparison sees one flipped bit")
{
    const ScratchFolder folder;
    folder.fetch("nvfp4_inputscales.safetensors");
    const std::string name = "nvfp4_inputscales.safetensors";
    const GoldenFile golden("ctq/" + name);
    REQUIRE(differences(folder.read(name), golden).empty());
    std::ifstream in(folder.path() / name, std::ios::binary);
    const std::string original{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    std::uint64_t header = 0;
    std::memcpy(&header, original.data(), sizeof header);
    // Every 997th bit of the data; biases have a tolerance, so flips of their lowest bits are left to the
    // next check.
    std::size_t seen = 0, tried = 0;
    for (std::size_t bit = (8 + header) * 8; bit < original.size() * 8; bit += 997) {
        std::string changed = original;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        std::ofstream(folder.path() / "changed.safetensors", std::ios::binary) << changed;
        const auto lines = differences(folder.read("changed.safetensors"), golden);
        ++tried;
        seen += lines.size() == 1 ? 1 : 0;
        if (lines.empty()) {
            INFO("bit " << bit % 8 << " of byte " << bit / 8);
            CHECK(bit % 8 < 2); // two units in the last place of a bias are allowed, more are not
        }
    }
    CHECK(tried > 500);
    CHECK(seen + 20 > tried);
}

TEST_CASE("the comparison sees missing, additional and mislabelled tensors")
{
    const GoldenFile plain("ctq/fp8_tensor.safetensors");
    CHECK_FALSE(differences(GoldenFile("ctq/fp8_nometa.safetensors"), plain).empty());
    CHECK_FALSE(differences(plain, GoldenFile("ctq/fp8_nometa.safetensors")).empty());
    CHECK_FALSE(differences(GoldenFile("ctq/fp8_tensor_inputscale_fpmm.safetensors"), plain).empty());
    CHECK_FALSE(differences(GoldenFile("ctq/low_memory_fp8.safetensors"), plain).empty());
    CHECK_FALSE(differences(GoldenFile("ctq/edit_add_remove.safetensors"), plain).empty());
    CHECK(differences(GoldenFile("ctq/edit_remove_tensor_name.safetensors"), plain).empty());
}
