// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/resource.h"
#include "engine/base/json_tree.h"
#include "engine/formats/activation_grid.h"
#include "engine/plan/plan.h"
#include "tests/plan/fake_model.h"

#include <catch2/catch.hpp>

#include <functional>
#include <random>
#include <set>

using namespace mantissa;
using mantissa::test::FakeModel;

namespace {

class RandomPlans {
public:
    explicit RandomPlans(unsigned seed)
        : m_random(seed)
    { }
    QuantPlan next()
    {
        QuantPlan plan;
        plan.sourceName = text();
        if (flip())
            plan.sourceHash = "0123456789abcdef0123456789abcdef";
        plan.architecture = text();
        plan.variant = text();
        plan.prediction = text();
        plan.preset = text();
        plan.base = choice();
        plan.fallback = choice();
        plan.recipe = nameOf(recipeLevels()[below(recipeLevels().size())]);
        if (flip())
            plan.statistics = "fedcba9876543210fedcba9876543210";
        plan.outputDtype = std::vector<std::string>{"keep", "bfloat16", "float16"}[below(3)];
        for (std::size_t i = below(4); i > 0; --i)
            plan.components.push_back(text());
        plan.preserveCritical = flip();
        const std::vector<std::string> patterns{
            "", "a", R"(\bblocks\.(0|1)\.)", R"("\\x/ä[~]+$)", "(?<!x)y{2,3}"};
        for (std::size_t i = below(6); i > 0; --i)
            plan.rules.push_back({patterns[below(patterns.size())], choice(), text(), text()});
        for (std::size_t i = below(6); i > 0; --i)
            plan.overrides[text() + std::to_string(i)] = choice();
        for (std::size_t i = below(3); i > 0; --i)
            plan.notes[text() + std::to_string(i)] = text();
        return plan;
    }
    std::size_t below(std::size_t n)
    {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(m_random);
    }

private:
    bool flip() { return below(2) == 0; }
    std::string text()
    {
        const std::vector<std::string> parts{"a", "\"", "\\", "/", "~", "\n", "\t", "ä", "日", "😀", ".", "0",
            std::string("\0", 1), "\x7f", " "};
        std::string out;
        for (std::size_t i = below(8); i > 0; --i)
            out += parts[below(parts.size())];
        return out;
    }
    Choice choice()
    {
        Choice out;
        const std::size_t index = below(storageFormats().size() + 1);
        if (index == storageFormats().size())
            return out;
        const FormatInfo& info = storageFormats()[index]->info();
        out.format = info.id;
        out.params.fullPrecisionMatrixMult = flip() && !storageFormats()[index]->writesSettings();
        if (!info.bitWidths.empty() && flip())
            out.params.bits = info.bitWidths[below(info.bitWidths.size())];
        if (!info.ranks.empty() && flip())
            out.params.rank = info.ranks[below(info.ranks.size())];
        if (!info.blockSizes.empty() && flip())
            out.params.blockSize = info.blockSizes[below(info.blockSizes.size())];
        if (!info.scalings.empty() && flip())
            out.params.scaling = info.scalings[below(info.scalings.size())];
        if (info.rotates && out.params.scaling != "tensor" && flip())
            out.params.convrotGroup = flip() ? 64 : 256;
        if (inputScaleRange(out.format, out.params) > 0 && flip())
            out.inputClip = 0.1 * static_cast<double>(1 + below(100'000));
        return out;
    }
    std::mt19937 m_random;
};

Error errorOf(std::string_view json)
{
    const auto plan = parsePlan(json);
    INFO(json);
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().code == ErrorCode::InvalidInput);
    return plan.error();
}

const std::string kHead = R"({"schema": "mantissa-plan/1")";

} // namespace

TEST_CASE("a plan survives its JSON bit for bit")
{
    RandomPlans random(20260729);
    for (int i = 0; i < 500; ++i) {
        const QuantPlan plan = random.next();
        const std::string json = toJson(plan);
        const auto parsed = parsePlan(json);
        INFO(json << (parsed ? std::string() : parsed.error().message + " at " + parsed.error().where));
        REQUIRE(parsed.has_value());
        CHECK(*parsed == plan);
        CHECK(toJson(*parsed) == json);
    }
}

TEST_CASE("a plan may be short")
{
    const auto plan = parsePlan(kHead + "}");
    REQUIRE(plan.has_value());
    CHECK(*plan == QuantPlan{});
}

TEST_CASE("every fault of a plan is named with its place")
{
    const std::vector<std::array<std::string, 3>> faults{
        {R"(, "bse": {}})", "/bse", "not a key"},
        {R"(, "base": {"format": "nvfp5"}})", "/base", "no format \"nvfp5\""},
        {R"(, "base": {"format": 4}})", "/base/format", "must be a string"},
        {R"(, "base": {"format": ""}})", "/base/format", "no format is named"},
        {R"(, "base": {}})", "/base", "no format is named"},
        {R"(, "base": {"format": "nvfp4", "block": 16}})", "/base/block", "not a key"},
        {R"(, "base": {"format": "nvfp4", "block_size": 17}})", "/base", "17"},
        {R"(, "base": {"format": "nvfp4", "block_size": 16.0}})", "/base/block_size", "whole number"},
        {R"(, "base": {"format": "nvfp4", "block_size": -16}})", "/base/block_size", "out of range"},
        {R"(, "base": {"format": "nvfp4", "block_size": 99999999999999999999}})", "/base/block_size",
            "whole number"},
        {R"(, "base": {"format": "keep", "block_size": 16}})", "/base", "no format settings"},
        {R"(, "base": []})", "/base", "an object"},
        {R"(, "recipe": "finest"})", "/recipe", "none of absmax, fast"},
        {R"(, "output_dtype": "fp8"})", "/output_dtype", "none of"},
        {R"(, "components": ["vae", 3]})", "/components/1", "a string"},
        {R"(, "preserve_critical": "no"})", "/preserve_critical", "true or false"},
        {R"(, "rules": [{"pattern": "a", "format": "keep"}, {"pattern": "b[", "format": "keep"}]})",
            "/rules/1/pattern", "not a regular expression"},
        {R"(, "rules": [{"format": "keep"}]})", "/rules/0", "needs a pattern"},
        {R"(, "rules": [{"pattern": "a"}]})", "/rules/0", "no format is named"},
        {R"(, "rules": [{"pattern": "a", "format": "keep", "why": ""}]})", "/rules/0/why", "not a key"},
        {R"(, "rules": {"a": 1}})", "/rules", "a list"},
        {R"(, "overrides": {"a/b~c": {"format": "x"}}})", "/overrides/a~1b~0c", "no format \"x\""},
        {R"(, "source": {"xxh3_128": "zz"}})", "/source/xxh3_128", "32 hexadecimal digits"},
        {R"(, "source": {"path": ""}})", "/source/path", "not a key"},
        {R"(, "architecture": {"id": null}})", "/architecture/id", "it is null"},
        {R"(, "preset": "a", "preset": "b"})", "", "occurs twice"},
    };
    for (const auto& [tail, where, message] : faults) {
        const Error error = errorOf(kHead + tail);
        CAPTURE(tail, error.message, error.where);
        if (!where.empty())
            CHECK(error.where == where);
        CHECK_THAT(error.message, Catch::Contains(message));
    }
    CHECK(errorOf(R"({"schema": "mantissa-plan/2"})").where == "/schema");
    CHECK(errorOf(R"({"schema": 1})").where == "/schema");
    CHECK_THAT(errorOf("[]").message, Catch::Contains("must be an object"));
    CHECK_THAT(errorOf("{}").hint, Catch::Contains("mantissa-plan/1"));
    CHECK_THAT(errorOf(R"({"a": 1})").message, Catch::Contains("neither a plan"));
}

TEST_CASE("hostile JSON ends in an error")
{
    CHECK_THAT(errorOf(std::string(100'000, '[')).message, Catch::Contains("nested more than"));
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "{\"a\":";
    CHECK_THAT(errorOf(deep).message, Catch::Contains("nested more than"));
    errorOf("");
    errorOf("{");
    errorOf(kHead);
    errorOf(kHead + ", \"preset\": \"\xff\xfe\"}");
    errorOf(kHead + ", \"preset\": \"\\ud800\"}");
    errorOf(kHead + "} trailing");
    errorOf(kHead + R"(, "base": {"format": "nvfp4", "block_size": 1e999}})");
    errorOf(std::string("\0\0\0\0", 4));
    std::string many = kHead + ", \"rules\": [";
    for (int i = 0; i < 10'001; ++i)
        many += std::string(i ? "," : "") + R"({"pattern": "a", "format": "keep"})";
    CHECK_THAT(errorOf(many + "]}").message, Catch::Contains("at most 10000 rules"));
    std::string keys = "{";
    for (int i = 0; i < 200'000; ++i)
        keys += fmt::format("\"k{}\": 1,", i);
    errorOf(keys + "\"z\": 1}"); // must not take quadratic time
}

TEST_CASE("the JSON of a plan and its published schema know the same keys")
{
    // One plan with everything in it.
    QuantPlan plan;
    Choice full;
    full.format = "convrot_w4a4";
    full.params = {
        "row", 16, 256, "int8", 4, 32, true, true}; // no format takes all of them; the writer does not care
    full.inputClip = 1.5;
    plan.base = full;
    plan.fallback = full;
    plan.rules = {{"a", full, "o", "r"}};
    plan.overrides = {{"x", full}};
    plan.notes = {{"x", "n"}};
    plan.components = {"vae"};
    plan.statistics = "0";
    const auto document = parseJsonTree(toJson(plan));
    const auto schema = parseJsonTree(embeddedResource("schema/plan.schema.json"));
    REQUIRE(document.has_value());
    REQUIRE(schema.has_value());

    const std::function<const JsonNode&(const JsonNode&)> follow
        = [&](const JsonNode& node) -> const JsonNode& {
        const JsonNode* ref = node.find("$ref");
        if (!ref)
            return node; // NOLINT(bugprone-return-const-ref-from-parameter)
        REQUIRE(ref->string.rfind("#/$defs/", 0) == 0);
        const JsonNode* target = schema->find("$defs")->find(ref->string.substr(8));
        REQUIRE(target);
        return follow(*target);
    };
    std::set<std::string> inDocument, inSchema;
    const std::function<void(const JsonNode&, const JsonNode&, const std::string&)> walk
        = [&](const JsonNode& value, const JsonNode& unresolved, const std::string& path) {
              const JsonNode& rule = follow(unresolved);
              if (const JsonNode* properties = rule.find("properties"))
                  for (const auto& [key, sub] : properties->members)
                      inSchema.insert(path + "/" + key);
              for (const auto& [key, member] : value.members) {
                  const JsonNode* properties = rule.find("properties");
                  const JsonNode* sub = properties ? properties->find(key) : nullptr;
                  if (sub) {
                      inDocument.insert(path + "/" + key);
                      REQUIRE(rule.find("additionalProperties"));
                      CHECK_FALSE(rule.find("additionalProperties")->boolean);
                  } else {
                      sub = rule.find("additionalProperties");
                  }
                  CAPTURE(path, key);
                  REQUIRE(sub);
                  REQUIRE(sub->kind == JsonNode::Kind::Object);
                  walk(member, *sub, properties && properties->find(key) ? path + "/" + key : path + "/*");
              }
              for (const JsonNode& item : value.items) {
                  REQUIRE(rule.find("items"));
                  walk(item, *rule.find("items"), path + "/0");
              }
          };
    walk(*document, *schema, "");
    CHECK(inDocument == inSchema);

    // Its lists of formats, recipes and dtypes are those of the program.
    std::set<std::string> formats{"keep"}, listed;
    for (const StorageFormat* format : storageFormats())
        formats.insert(std::string(format->info().id));
    for (const JsonNode& id :
        schema->find("$defs")->find("choice")->find("properties")->find("format")->find("enum")->items)
        listed.insert(id.string);
    CHECK(listed == formats);
}

TEST_CASE("an input clip is refused where no runtime reads it")
{
    for (const char* choice :
        {R"("format": "int8_tensorwise", "input_clip": 3)", R"("format": "keep", "input_clip": 3)",
            R"("format": "nvfp4", "input_clip": -1)", R"("format": "nvfp4", "input_clip": 1e-60)",
            R"("format": "nvfp4", "input_clip": 1e60)", R"("format": "nvfp4", "input_clip": "wide")",
            R"("format": "float8_e4m3fn", "full_precision_matrix_mult": true, "input_clip": 3)"})
        CHECK_THAT(errorOf(kHead + fmt::format(R"(, "overrides": {{"a": {{{}}}}}}})", choice)).where,
            Catch::StartsWith("/overrides/a"));
    const auto good = parsePlan(kHead + R"(, "overrides": {"a": {"format": "nvfp4", "input_clip": 12.5}}})");
    REQUIRE(good.has_value());
    CHECK(good->overrides.at("a").inputClip == 12.5);
    CHECK(describe(good->overrides.at("a")) == "nvfp4 (inputs cut at 12.5)");
    CHECK(inputScaleOf(good->overrides.at("a")) == 12.5F / 2688);

    FakeModel fake;
    fake.linear("a");
    const Model model = fake.build();
    const auto out = resolvePlan(*good, model);
    REQUIRE(out.has_value());
    CHECK(out->decisions[0].choice.inputClip == 12.5);
    CHECK(out->decisions[0].provenance == Provenance::Override);
    CHECK_THAT(out->decisions[0].why.text(), Catch::Contains("inputs cut at 12.5"));
}

TEST_CASE("the default plan takes the preset of the architecture")
{
    FakeModel fake("flux1");
    fake.linear("double_blocks.0.img_mod.lin").criticalAt4Bits = true;
    fake.linear("double_blocks.0.img_attn.qkv");
    fake.linear("single_blocks.0.gate").criticalAt4Bits
        = true; // no pattern of the preset: the fallback takes it
    const Model model = fake.build();
    Choice nvfp4;
    nvfp4.format = "nvfp4";
    const QuantPlan plan = defaultPlan(model, nvfp4);
    CHECK(plan.sourceName == "fake.safetensors");
    CHECK(plan.architecture == "flux1");
    CHECK(plan.preset == "flux1");
    CHECK(plan.preserveCritical);
    CHECK(plan.fallback.format == "int8_tensorwise");
    const auto out = resolvePlan(plan, model);
    REQUIRE(out.has_value());
    CHECK(out->decisions[0].choice.format == "int8_tensorwise");
    CHECK(out->decisions[0].provenance == Provenance::Rule);
    CHECK_THAT(out->decisions[0].why.text(), Catch::Contains("preset flux1"));
    CHECK(out->decisions[1].choice.format == "nvfp4");
    CHECK(out->decisions[2].choice.format == "int8_tensorwise");
    CHECK(out->decisions[2].provenance == Provenance::Critical);

    Choice fp8;
    fp8.format = "float8_e4m3fn";
    const QuantPlan eight = defaultPlan(model, fp8);
    CHECK(eight.rules.empty());
    CHECK(eight.fallback.keeps());
    CHECK(resolvePlan(eight, model)->quantized == 3);
}
