// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "tests/torch/parity.h"

#include "engine/arch/native_keys.h"
#include "engine/torch/failure.h"
#include "engine/torch/models/network.h"
#include "tests/tools/golden_fixture.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace mantissa::test {

namespace {

using Tensors = std::map<std::string, at::Tensor>;
constexpr std::string_view kInput = "golden.in.", kTap = "golden.tap.", kGolden = "golden.";

/// A folder that goes away with its contents.
struct TemporaryFolder {
    TemporaryFolder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "parity-XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            raise(ErrorCode::System, "no temporary folder can be made");
        path = pattern;
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::filesystem::path path;
};

at::Tensor readTensor(const TensorSource& source, std::size_t index)
{
    const TensorInfo& info = source.tensors()[index];
    const at::Tensor values = at::empty(info.shape, info.dtype == DType::I64 ? at::kLong : at::kFloat);
    if (static_cast<std::uint64_t>(values.nbytes()) != info.bytes)
        raise(ErrorCode::Unsupported, "{} is neither float32 nor int64", info.name);
    valueOf(source.read(
        index, 0, {static_cast<std::byte*>(values.data_ptr()), static_cast<std::size_t>(info.bytes)}));
    return values;
}

/// Keeps the first output of every module that the fixture has a tap of.
class Taps final : public TapSink {
public:
    void expect(const std::string& name) { m_wanted.emplace(name.substr(0, name.find('#')), true); }
    bool wants(std::string_view module) const override
    {
        const auto it = m_wanted.find(std::string(module));
        return it != m_wanted.end() && it->second;
    }
    void take(std::string_view module, std::span<const at::Tensor> outputs) override
    {
        for (std::size_t i = 0; i < outputs.size(); ++i)
            m_taken[fmt::format("{}#{}", module, i)] = outputs[i].to(at::kFloat);
        m_wanted[std::string(module)] = false;
    }
    at::Tensor find(const std::string& name) const
    {
        const auto it = m_taken.find(name.find('#') == std::string::npos ? name + "#0" : name);
        return it == m_taken.end() ? at::Tensor() : it->second;
    }

private:
    std::map<std::string, bool> m_wanted; ///< false once it is taken
    Tensors m_taken;
};

double difference(const at::Tensor& ours, const at::Tensor& golden)
{
    if (!ours.defined() || ours.numel() != golden.numel())
        return std::numeric_limits<double>::infinity();
    const at::Tensor wide = golden.to(at::kDouble).flatten();
    const double scale = wide.square().mean().sqrt().item<double>();
    const double largest = (ours.to(at::kDouble).flatten() - wide).abs().max().item<double>();
    // NaN is a difference, not an equality.
    return std::isfinite(largest) ? largest / std::max(scale, 1e-30)
                                  : std::numeric_limits<double>::infinity();
}

at::Tensor inputOf(const Tensors& inputs, std::initializer_list<const char*> names)
{
    for (const char* name : names) {
        if (const auto it = inputs.find(name); it != inputs.end())
            return it->second;
    }
    return {};
}

Tensors runNetwork(const Network& network, const Tensors& inputs)
{
    if (network.run)
        return {{"out", network.run(inputs)}};
    if (network.denoiser) {
        DenoiserInput input{inputOf(inputs, {"x"}), inputOf(inputs, {"timestep", "timesteps"}),
            inputOf(inputs, {"context"}), inputOf(inputs, {"y"}), inputOf(inputs, {"guidance"})};
        for (const char* name : {"reference.0", "reference.1"}) {
            if (const at::Tensor reference = inputOf(inputs, {name}); reference.defined())
                input.references.push_back(reference);
        }
        return {{"out", network.denoiser->forward(input)}};
    }
    if (network.autoencoder) {
        Autoencoder& vae = *network.autoencoder;
        const at::Tensor moments = vae.moments(inputOf(inputs, {"image", "video"}));
        const at::Tensor mean = moments.chunk(2, 1)[0], latent = inputOf(inputs, {"latent"});
        return {{"moments", moments}, {"mean", mean}, {"normalized", vae.normalized(mean)},
            {"decoded", vae.decode(latent)}, {"denormalized_decoded", vae.decode(vae.denormalized(latent))}};
    }
    const EncodedText text = network.textEncoder->encode(inputOf(inputs, {"input_ids"}));
    return {{"last_hidden_state", text.last}, {"penultimate", text.penultimate}, {"pooled", text.pooled},
        {"projected", text.projected}};
}

ParityReport compare(const std::filesystem::path& fixture, bool computeInBfloat16)
{
    const c10::InferenceMode noGradients;
    const TemporaryFolder folder;
    const auto checkpoint = folder.path / "model.safetensors";
    valueOf(tools::expandGolden(fixture, checkpoint));
    auto model = valueOf(detectModel(valueOf(openCheckpoint(checkpoint))));
    if (const auto native = withNativeKeys(model->source, model->components); native.source != model->source)
        model = valueOf(detectModel(native.source));
    const auto golden = valueOf(openCheckpoint(fixture));

    Tensors inputs, outputs, tapped;
    Taps taps;
    for (std::size_t i = 0; i < golden->tensors().size(); ++i) {
        const std::string& name = golden->tensors()[i].name;
        if (name.starts_with(kInput)) {
            inputs[name.substr(kInput.size())] = readTensor(*golden, i);
        } else if (name.starts_with(kTap)) {
            tapped[name.substr(kTap.size())] = readTensor(*golden, i);
            taps.expect(name.substr(kTap.size()));
        } else if (name.starts_with(kGolden)) {
            outputs[name.substr(kGolden.size())] = readTensor(*golden, i);
        }
    }
    WeightOptions options;
    if (computeInBfloat16)
        options.compute = at::kBFloat16;
    const Network network = openNetwork(model, 0, options);
    network.context->taps = &taps;
    const Tensors ours = runNetwork(network, inputs);

    ParityReport report;
    report.fixture = fixture.stem().string();
    report.architecture = model->architecture.id;
    const auto float64
        = nlohmann::json::parse(golden->info().metadata.at("float64_difference"), nullptr, false);
    report.tolerance = float64.is_number() ? std::max(1e-5, 20 * float64.get<double>()) : 1e-4;
    for (const auto& [name, values] : outputs) {
        const auto it = ours.find(name);
        report.outputs[name] = difference(it == ours.end() ? at::Tensor() : it->second, values);
    }
    for (const auto& [name, values] : tapped)
        report.taps[name] = difference(taps.find(name), values);
    return report;
}

} // namespace

bool ParityReport::pass() const
{
    const auto fits = [&](const auto& entry) { return entry.second <= tolerance; };
    return !outputs.empty() && std::all_of(outputs.begin(), outputs.end(), fits)
        && std::all_of(taps.begin(), taps.end(), fits);
}

Result<ParityReport> runFixture(const std::filesystem::path& fixture, bool computeInBfloat16)
{
    return guarded([&] { return compare(fixture, computeInBfloat16); });
}

std::string toJsonLine(const ParityReport& report)
{
    nlohmann::ordered_json line;
    line["fixture"] = report.fixture;
    line["architecture"] = report.architecture;
    line["outputs"] = report.outputs; // infinity is written as null
    line["taps"] = report.taps;
    line["tolerance"] = report.tolerance;
    line["pass"] = report.pass();
    return line.dump();
}

} // namespace mantissa::test
