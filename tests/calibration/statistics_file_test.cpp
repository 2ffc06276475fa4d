// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics on disk: what was written is read, what is damaged is refused, what does not belong together is
// not added up.
#include "engine/calibration/calibration_state.h"
#include "engine/calibration/outliers.h"
#include "engine/calibration/statistics_file.h"
#include "engine/calibration/token_choice.h"
#include "tests/plan/fake_model.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <functional>
#include <random>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;

namespace {

struct Made {
    StatisticsHeader header;
    std::vector<InputStatistics> inputs;
    std::vector<std::vector<float>> moments;
};

Made make(unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Made made;
    made.header.modelHash = "00112233445566778899aabbccddeeff";
    made.header.architecture = "sd1";
    made.header.components = {"diffusion_model"};
    made.header.sampler = "euler";
    made.header.scheduler = "normal";
    made.header.steps = 4;
    made.header.cfg = 3;
    made.header.prompts = {{"a \"quoted\" cat, größer", seed, 64, 48, 5}};
    for (const std::size_t channels : {5UL, 8UL, 3UL}) {
        InputStatistics input(channels);
        input.name = "net.layer" + std::to_string(channels);
        input.layers = {input.name, input.name + ".twin"};
        input.hasMoment = channels != 3;
        std::vector<float> rows(40 * channels);
        for (float& value : rows)
            value = normal(random);
        input.add(rows.data(), 40, 2);
        std::vector<float> sum(channels * channels);
        for (std::size_t t = 0; input.hasMoment && t < 30; ++t)
            for (std::size_t i = 0; i < channels; ++i)
                for (std::size_t j = 0; j < channels; ++j)
                    sum[i * channels + j] += rows[t * channels + i] * rows[t * channels + j];
        for (std::size_t t = 30; input.hasMoment && t < 40; ++t)
            input.heldOut.add(mixKeys(seed, t), std::span(rows).subspan(t * channels, channels));
        input.momentTokens = input.hasMoment ? 30 : 0;
        made.inputs.push_back(std::move(input));
        made.moments.push_back(std::move(sum));
    }
    return made;
}

Status write(const fs::path& path, const Made& made, bool overwrite = false)
{
    std::vector<const InputStatistics*> inputs;
    for (const InputStatistics& input : made.inputs)
        inputs.push_back(&input);
    return writeStatistics(path, overwrite, made.header, inputs,
        [&](std::size_t input, std::size_t firstRow, std::span<float> dst) -> Status {
            std::copy_n(made.moments[input].begin()
                    + static_cast<std::ptrdiff_t>(firstRow * made.inputs[input].channels),
                dst.size(), dst.begin());
            return {};
        });
}

std::shared_ptr<const StatisticsFile> open(const fs::path& path)
{
    auto file = StatisticsFile::open(path);
    if (!file)
        FAIL(file.error().message);
    return *file;
}

void replaceAll(std::string& text, const std::string& from, const std::string& to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("statistics come back as they were written")
{
    const TempFolder folder;
    const Made made = make(1);
    REQUIRE(write(folder / "s.safetensors", made));
    CHECK(write(folder / "s.safetensors", made).error().code == ErrorCode::Usage);
    REQUIRE(write(folder / "s.safetensors", made, true));
    CHECK_FALSE(fs::exists(folder / "s.safetensors.part"));
    const auto file = open(folder / "s.safetensors");
    CHECK(file->header().prompts == made.header.prompts);
    CHECK(file->header().components == made.header.components);
    CHECK(checkSameRun(file->header(), made.header));
    CHECK(file->layers().size() == 6);
    for (std::size_t i = 0; i < made.inputs.size(); ++i) {
        const InputStatistics& wanted = made.inputs[i];
        const auto input = file->input(i);
        REQUIRE(input);
        CHECK(input->name == wanted.name);
        CHECK(input->layers == wanted.layers);
        CHECK(input->sum == wanted.sum);
        CHECK(input->sumAbs == wanted.sumAbs);
        CHECK(input->minimum == wanted.minimum);
        CHECK(input->maximum == wanted.maximum);
        CHECK(input->bucketAbsMax == wanted.bucketAbsMax);
        CHECK(input->histogram == wanted.histogram);
        CHECK(input->heldOut.keys() == wanted.heldOut.keys());
        CHECK(input->heldOut.rows() == wanted.heldOut.rows());
        CHECK(input->hasMoment == wanted.hasMoment);
    }
    const auto layer = file->layer("net.layer8.twin");
    REQUIRE(layer);
    CHECK(layer->channels == 8);
    CHECK(layer->hessianTokens == 30);
    CHECK(layer->heldOutTokens == 10);
    CHECK(layer->mean == made.inputs[1].mean());
    for (std::size_t i = 0; i < 64; ++i)
        CHECK(layer->hessian[i] == Approx(made.moments[1][i] / 30.0F).margin(1e-7));
    CHECK(layer->secondMoment.empty());
    const auto diagonal = file->layer("net.layer8", MomentDetail::Diagonal);
    REQUIRE(diagonal);
    CHECK(diagonal->hessian.empty());
    CHECK(diagonal->heldOut == layer->heldOut);
    CHECK(diagonal->hessianTokens == 30);
    REQUIRE(diagonal->secondMoment.size() == 8);
    for (std::size_t i = 0; i < 8; ++i)
        CHECK(diagonal->secondMoment[i] == layer->hessian[9 * i]);
    const auto summary = file->layer("net.layer8", MomentDetail::None);
    CHECK(summary->hessian.empty());
    CHECK(summary->secondMoment.empty());
    CHECK(summary->heldOut.empty());
    CHECK(file->layer("net.layer3", MomentDetail::Diagonal)->secondMoment.empty());
    CHECK(file->layersWithInputOf("net.layer8").size() == 2);
    CHECK(file->layersWithInputOf("net.layer9").empty());
    CHECK(file->layer("net.layer3")->hessian.empty());
    CHECK(file->layer("net.layer9").error().code == ErrorCode::Usage);
}

TEST_CASE("statistics belong to one model")
{
    const TempFolder folder;
    REQUIRE(write(folder / "s.safetensors", make(1)));
    const auto file = open(folder / "s.safetensors");
    CHECK(file->checkModel("00112233445566778899aabbccddeeff"));
    const Status other = file->checkModel("ffeeddccbbaa99887766554433221100");
    REQUIRE_FALSE(other);
    CHECK(other.error().code == ErrorCode::InvalidInput);
    CHECK(other.error().message.find("another model") != std::string::npos);
    CHECK(other.error().message.find("ffeeddcc") != std::string::npos);
}

TEST_CASE("runs over different prompts add up; others are refused with the reason")
{
    const TempFolder folder;
    const Made a = make(1), b = make(2);
    REQUIRE(write(folder / "a.safetensors", a));
    REQUIRE(write(folder / "b.safetensors", b));
    REQUIRE(mergeStatistics(
        {folder / "a.safetensors", folder / "b.safetensors"}, folder / "sum.safetensors", false, {}));
    const auto sum = open(folder / "sum.safetensors");
    CHECK(sum->header().prompts.size() == 2);
    InputStatistics both = a.inputs[1];
    both.merge(b.inputs[1]);
    CHECK(sum->input(1)->sum == both.sum);
    CHECK(sum->input(1)->histogram == both.histogram);
    CHECK(sum->input(1)->heldOut.rows() == both.heldOut.rows());
    const auto layer = sum->layer("net.layer8");
    REQUIRE(layer);
    CHECK(layer->hessianTokens == 60);
    for (std::size_t i = 0; i < 64; ++i)
        CHECK(layer->hessian[i] == Approx((a.moments[1][i] + b.moments[1][i]) / 60).margin(1e-6));

    const auto refused = [&](const std::function<void(Made&)>& change, const std::string& reason) {
        Made other = make(2);
        change(other);
        REQUIRE(write(folder / "c.safetensors", other, true));
        const Status status = mergeStatistics(
            {folder / "a.safetensors", folder / "c.safetensors"}, folder / "x.safetensors", false, {});
        REQUIRE_FALSE(status);
        CHECK(status.error().code == ErrorCode::Usage);
        CHECK(status.error().message.find(reason) != std::string::npos);
        CHECK_FALSE(fs::exists(folder / "x.safetensors"));
    };
    refused([](Made& m) { m.header.modelHash = "ff"; }, "the model's hash");
    refused([](Made& m) { m.header.steps = 5; }, "the number of steps");
    refused([](Made& m) { m.header.randomData = true; }, "random data");
    refused([](Made& m) { m.header.components = {"text_encoder"}; }, "what was watched");
    refused([](Made& m) { m.header.prompts = make(1).header.prompts; }, "would count twice");
    refused([](Made& m) { m.inputs[0].layers.pop_back(); }, "different layers");
    refused([](Made& m) { std::swap(m.inputs[0].layers[1], m.inputs[1].layers[1]); }, "different ways");
    CHECK(mergeStatistics({folder / "a.safetensors"}, folder / "x.safetensors", false, {}).error().code
        == ErrorCode::Usage);
}

TEST_CASE("files of strangers are read or refused, never more")
{
    const TempFolder folder;
    REQUIRE(write(folder / "s.safetensors", make(1)));
    const std::string whole = readFile(folder / "s.safetensors");
    const auto readAll = [&](const std::string& bytes) -> std::optional<Error> {
        writeFile(folder / "x.safetensors", bytes);
        const auto file = StatisticsFile::open(folder / "x.safetensors");
        if (!file)
            return file.error();
        for (const auto& [name, index] : (*file)->layers())
            if (const auto layer = (*file)->layer(name); !layer)
                return layer.error();
        return std::nullopt;
    };
    CHECK_FALSE(readAll(whole));
    for (std::size_t size = 0; size < whole.size(); size += size < 4000 ? 61 : 997)
        CHECK(readAll(whole.substr(0, size)));
    // Every change keeps the length, so that the container stays whole and our own checks are reached.
    const std::vector<std::pair<std::string, std::string>> changes{{"net.layer5.sum\"", "net.layer5.sun\""},
        {"net.layer5.second_moment", "net.layer5.second_monent"}, {"held_out_keys", "held_out_kays"},
        {R"(\"version\":1)", R"(\"version\":9)"}, {R"(\"version\":1)", R"(\"varsion\":1)"},
        {R"(\"steps\":4)", R"(\"steps\":0)"}, {R"(\"bin_exponent\")", R"(\"bin_exponant\")"},
        {R"(\"channels\":5)", R"(\"channels\":7)"}, {R"(\"channels\":5)", R"(\"channels\":0)"},
        {R"(\"data\":\"prompts\")", R"(\"data\":\"promqts\")"},
        {R"(net.layer5.twin\")", R"(net.layer8.twin\")"}, {R"(\"tokens\":40)", R"(\"tokens\":-4)"},
        {R"(\"model\":{)", R"(\"modal\":{)"}, {R"(\"inputs\":[{)", R"(\"inputs\":[[)"}};
    for (const auto& [from, to] : changes) {
        CAPTURE(from, to);
        std::string bytes = whole;
        replaceAll(bytes, from, to);
        REQUIRE(bytes != whole);
        REQUIRE(bytes.size() == whole.size());
        const auto error = readAll(bytes);
        REQUIRE(error);
        CHECK(error->code
            == (to.ends_with("9") && from.find("version") != std::string::npos ? ErrorCode::Unsupported
                                                                               : ErrorCode::InvalidInput));
    }
    // NaN in every tensor in turn: the first 8 bytes of the data are a double, the last 4 a float.
    std::uint64_t header = 0;
    std::memcpy(&header, whole.data(), 8);
    std::size_t refused = 0;
    for (std::size_t at = 8 + header; at + 8 <= whole.size(); at += 8) {
        std::string bytes = whole;
        std::memset(bytes.data() + at, 0xFF, 8);
        refused += readAll(bytes) ? 1 : 0;
    }
    CHECK(refused > 100);
    CHECK(
        StatisticsFile::open("resources/sample/tiny-sd.safetensors").error().code == ErrorCode::InvalidInput);
    CHECK(StatisticsFile::open(folder / "none").error().code == ErrorCode::System);
    CHECK(StatisticsFile::open("README.md").error().code == ErrorCode::InvalidInput);
}

TEST_CASE("a run's state is its own, and becomes the output at the end")
{
    const TempFolder folder;
    const fs::path out = folder / "o.safetensors";
    CHECK(checkCalibrationOutput(out, false));
    CHECK(*openState(out) == nullptr);
    writeFile(statePath(out), "somebody's");
    CHECK(checkCalibrationOutput(out, true).error().code == ErrorCode::Usage);
    fs::remove(statePath(out));
    REQUIRE(write(statePath(out), make(1), true));
    CHECK(checkCalibrationOutput(out, false));
    CHECK((*openState(out))->inputCount() == 3);
    REQUIRE(publishStatistics(out, false));
    CHECK_FALSE(fs::exists(statePath(out)));
    CHECK(checkCalibrationOutput(out, false).error().code == ErrorCode::Usage);
    REQUIRE(write(statePath(out), make(2), true));
    CHECK(publishStatistics(out, false).error().code == ErrorCode::Usage);
    CHECK(publishStatistics(out, true));
    CHECK(checkCalibrationOutput(folder.path() / "none" / "o.safetensors", false).error().code
        == ErrorCode::System);
}

TEST_CASE("outlier channels of integer inputs are found, and rotation mends them")
{
    const TempFolder folder;
    const Made made = make(5);
    InputStatistics input(256);
    input.name = "blocks.0.proj";
    input.layers = {"blocks.0.proj", "blocks.0.other"};
    std::vector<float> rows(4 * 256, 0.5F);
    for (std::size_t t = 0; t < 4; ++t)
        rows[t * 256 + 17] = 40; // 80 times the median channel
    input.add(rows.data(), 4, 0);
    input.hasMoment = false;
    const InputStatistics* pointers[] = {&input};
    REQUIRE(writeStatistics(folder / "s.safetensors", false, made.header, pointers, {}));
    const auto statistics = StatisticsFile::open(folder / "s.safetensors");
    REQUIRE(statistics);

    FakeModel fake;
    fake.linear("blocks.0.proj", 256, 256);
    fake.linear("blocks.0.other", 256, 256);
    fake.linear("blocks.1.proj", 256, 256); // not in the statistics
    const Model model = fake.build();
    QuantPlan plan;
    plan.base = {"int8_tensorwise", {}};
    plan.base.params.convrotGroup = 0;
    plan.overrides["blocks.0.other"] = {"float8_e4m3fn", {}}; // floats have room for outliers
    const auto findingsOf = [&](const QuantPlan& with) {
        const auto resolved = resolvePlan(with, model);
        REQUIRE(resolved);
        const auto findings = outlierFindings(with, model, *resolved, **statistics);
        REQUIRE(findings);
        return *findings;
    };
    const auto findings = findingsOf(plan);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].layers == std::vector<std::size_t>{0});
    CHECK(findings[0].text.text().find("80 times") != std::string::npos);
    REQUIRE(findings[0].fixes.size() == 2);
    REQUIRE(findings[0].fixes[0].kind == PlanFix::Kind::SetChoice);
    CHECK(findings[0].fixes[0].choice.params.convrotGroup == 256);
    CHECK(findingsOf(withFix(plan, model, findings[0], findings[0].fixes[0])).empty());
    CHECK(findings[0].fixes[1].value == "best");
    CHECK(outlierRatio({}) == 0);
}
