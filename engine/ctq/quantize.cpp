// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/quantize.h"

#include "engine/ctq/bias_correction.h"
#include "engine/ctq/encoders.h"
#include "engine/ctq/matrix_reader.h"

#include <algorithm>

namespace mantissa::ctq {

namespace {

bool isMatrixWeight(const TensorInfo& tensor)
{
    return tensor.name.ends_with(".weight") && tensor.shape.size() == 2;
}

/// Random inputs for every width of a `.weight` matrix, also of those that stay as they are.
std::shared_ptr<Calibration> makeCalibration(const TensorSource& source, const QuantizeInputs& inputs)
{
    std::vector<const TensorInfo*> weights;
    for (const TensorInfo& tensor : source.tensors())
        if (isMatrixWeight(tensor))
            weights.push_back(&tensor);
    // The dedicated paths sort in either mode.
    if (!inputs.fileOrder || inputs.rules.dedicated)
        std::sort(weights.begin(), weights.end(), [](auto* a, auto* b) { return a->name < b->name; });
    auto calibration = std::make_shared<Calibration>(inputs.samples, inputs.seed);
    for (const TensorInfo* weight : weights)
        calibration->see(weight->shape[1]);
    return calibration;
}

class Drafting {
public:
    Drafting(std::shared_ptr<const TensorSource> source, const QuantizeInputs& inputs, const JobContext& job)
        : m_source(source)
        , m_inputs(inputs)
        , m_job(job)
        , m_draft(std::move(source))
    { }

    Result<Draft> run(const Choices& choices)
    {
        Result<JsonNode> table = readHeaderTable(*m_source);
        if (!table)
            return forward(std::move(table));
        if (const JsonNode* const layers = table->find("layers"))
            m_tableLayers = *layers;
        m_tableLayers.kind = JsonNode::Kind::Object;
        m_hadTable = !table->members.empty();
        if (m_inputs.correctBiases)
            m_calibration = makeCalibration(*m_source, m_inputs);
        for (std::size_t i = 0; i < m_source->tensors().size(); ++i)
            if (!choices.removed[i])
                m_draft.copyAs(i, choices.dtypes[i]);
        for (const LayerChoice& choice : choices.layers)
            if (choice.format)
                if (Status status = addLayer(choice); !status)
                    return tl::unexpected(std::move(status.error()).at(choice.layer));
        if (m_inputs.rules.dedicated || m_inputs.saveTable || m_hadTable) {
            m_draft.metadata.erase(std::string(kHeaderTableKey));
            if (!m_tableLayers.members.empty())
                m_draft.metadata[std::string(kHeaderTableKey)] = headerTable(m_tableLayers);
        }
        m_draft.normalizeScales();
        m_draft.notes = choices.notes;
        return std::move(m_draft);
    }

private:
    Status addLayer(const LayerChoice& choice)
    {
        const TensorInfo& weight = m_source->tensors()[choice.weight];
        const MatrixShape shape{weight.shape[0], weight.shape[1]};
        std::vector<std::string> outputs;
        std::optional<std::size_t> scale;
        for (const StoredTensor& stored : choice.format->layout(shape, choice.params)) {
            if (stored.suffix == "weight_scale")
                scale = outputs.size();
            outputs.push_back(fmt::format("{}.{}", choice.layer, stored.suffix));
            m_draft.put({outputs.back(), stored.dtype, stored.shape, FromLayer{}});
        }
        std::unique_ptr<LayerEncoder> encoder = makeEncoder(choice, shape, weight.dtype);
        const std::string inputScale = choice.layer + ".input_scale";
        if (choice.inputScale == InputScale::One)
            m_draft.putScalar(inputScale, 1.0f);
        if (choice.inputScale == InputScale::CopyOfWeightScale && scale) {
            m_draft.put({inputScale, DType::F32, m_draft.find(outputs[*scale])->shape, FromLayer{}});
            outputs.push_back(inputScale);
            encoder = copyingEncoder(std::move(encoder), *scale, outputs.size() - 1);
        }
        if (const auto given = m_inputs.inputScales.find(choice.layer); given != m_inputs.inputScales.end())
            m_draft.putScalar(inputScale, given->second);
        addBias(choice);
        if (Status status = addSettings(choice, shape); !status)
            return status;
        EncodedLayer layer;
        layer.name = choice.layer;
        layer.format = choice.format->info().id;
        layer.source = choice.weight;
        layer.shape = shape;
        layer.storage = choice.format;
        layer.params = choice.params;
        layer.encoder = std::move(encoder);
        layer.bytesBefore = weight.bytes;
        m_draft.addLayer(std::move(layer), outputs);
        return {};
    }

    Status addSettings(const LayerChoice& choice, MatrixShape shape)
    {
        const std::string_view dtype
            = m_inputs.rules.outputDtype == DType::F16 ? "torch.float16" : "torch.bfloat16";
        const LayerSettings settings = choice.format->settings(shape, choice.params, dtype,
            m_inputs.rules.dedicated ? Arithmetic::CtqSimple : Arithmetic::CtqCustom);
        m_draft.putSettings(choice.layer + std::string(kSettingsSuffix), settings.tensorJson);
        Result<JsonNode> header = parseJsonTree(settings.headerJson);
        if (!header)
            return forward(std::move(header));
        if (m_inputs.rules.dedicated || m_inputs.saveTable)
            setMember(m_tableLayers, choice.layer, std::move(*header));
        else
            eraseMember(m_tableLayers, choice.layer);
        return {};
    }

    void addBias(const LayerChoice& choice)
    {
        const std::ptrdiff_t bias = m_source->find(choice.layer + ".bias");
        if (bias < 0 || !m_calibration || !m_draft.find(choice.layer + ".bias"))
            return;
        const auto index = static_cast<std::size_t>(bias);
        const TensorInfo& info = m_source->tensors()[index];
        if (!isTrainingFloat(info.dtype))
            return;
        auto compute = [source = m_source, choice, index, calibration = m_calibration, stop = m_job.stop] {
            auto bytes = correctedBias(
                *source, choice, index, *calibration, [&stop] { return stop.stop_requested(); });
            if (!bytes)
                return Result<std::vector<std::byte>>(
                    tl::unexpected(std::move(bytes.error()).at(source->tensors()[index].name)));
            return bytes;
        };
        m_draft.put({info.name, info.dtype, info.shape, ComputedBytes{std::move(compute)}});
    }

    std::shared_ptr<const TensorSource> m_source;
    const QuantizeInputs& m_inputs;
    const JobContext& m_job;
    Draft m_draft;
    std::shared_ptr<Calibration> m_calibration;
    JsonNode m_tableLayers;
    bool m_hadTable = false;
};

} // namespace

Result<Draft> draftQuantized(std::shared_ptr<const TensorSource> source, const QuantizeInputs& inputs,
    const JobContext& job, Choices& choices)
{
    Result<Choices> chosen = chooseLayers(inputs.rules, *source);
    if (!chosen)
        return forward(std::move(chosen));
    choices = std::move(*chosen);
    return Drafting(std::move(source), inputs, job).run(choices);
}

std::string describeChoices(const Choices& choices, const TensorSource& source)
{
    std::string text;
    std::size_t quantized = 0, widest = 0;
    for (const LayerChoice& choice : choices.layers)
        widest = std::max(widest, choice.layer.size());
    for (const LayerChoice& choice : choices.layers) {
        const TensorInfo& weight = source.tensors()[choice.weight];
        std::string becomes = fmt::format("stays ({})", nameOf(choices.dtypes[choice.weight]));
        if (choice.format) {
            ++quantized;
            becomes = std::string(choice.format->info().id);
            if (const int group = choice.params.convrotGroup.value_or(0); group != 0)
                becomes += fmt::format(", rotated by {}", group);
        }
        text += fmt::format("{:<{}}  {:>14}  {} -> {}{}\n", choice.layer, widest,
            fmt::format("[{}]", fmt::join(weight.shape, ", ")), nameOf(weight.dtype), becomes,
            choice.why.empty() ? "" : "  (" + choice.why + ")");
    }
    const auto removed = std::count(choices.removed.begin(), choices.removed.end(), true);
    text += fmt::format("{} of {} matrices would be quantized", quantized, choices.layers.size());
    return text + (removed > 0 ? fmt::format(", {} tensors removed\n", removed) : "\n");
}

} // namespace mantissa::ctq
