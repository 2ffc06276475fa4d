// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/planned_weights.h"

#include "engine/export/calibrated_layer.h"
#include "engine/export/cast.h"
#include "engine/export/planned_layer.h"
#include "engine/export/stored_layer.h"
#include "engine/formats/stored_bytes.h"
#include "engine/torch/failure.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <unordered_map>

namespace mantissa {

namespace {

/// What an export holds of one tensor that it writes in another float type.
void readCast(const Model& model, std::size_t index, DType written, std::span<float> dst)
{
    const TensorInfo& tensor = model.source->tensors()[index];
    std::vector<std::byte> raw(static_cast<std::size_t>(tensor.bytes)), cast;
    std::vector<float> scratch;
    valueOf(model.source->read(index, 0, raw));
    valueOf(castElements(tensor.dtype, raw, written, cast, scratch, true));
    valueOf(toFloats(written, cast, dst));
}

class ExportedWeights final : public PlannedWeights {
public:
    ExportedWeights(std::shared_ptr<const Model> model, const QuantPlan& plan,
        std::shared_ptr<const StatisticsFile> statistics)
        : m_model(std::move(model))
        , m_plan(plan)
        , m_statistics(std::move(statistics))
        , m_resolved(valueOf(resolvePlan(plan, *m_model)))
        , m_level(valueOf(recipeOf(plan)))
    {
        if (needsStatistics(m_level) && !m_statistics)
            throw Failure(Error{ErrorCode::Usage,
                fmt::format("the recipe {} needs the statistics of a calibration run", nameOf(m_level)), {},
                "name them with --calibration; 'mantissa calibrate' makes them"});
        if (m_statistics)
            m_inputs = std::make_shared<SharedInputs>(m_statistics, m_level);
        for (std::size_t i = 0; i < m_model->layers.size(); ++i)
            m_choices.emplace(&m_model->layers[i], &m_resolved.decisions[i].choice);
    }

    bool replace(const Layer& layer, LayerPart part, std::span<float> dst) override
    {
        const auto it = m_choices.find(&layer);
        if (it == m_choices.end())
            return false;
        const Choice& choice = *it->second;
        if (!choice.keeps() && usesStatistics(layer, choice, m_level, m_statistics.get()))
            return readQuantized(layer, choice, part, dst);
        if (part == LayerPart::Bias || choice.keeps())
            return readKept(layer, part, dst);
        const auto columns = static_cast<std::size_t>(layer.shape.back());
        valueOf(runPlannedLayer(*m_model, layer, choice, dataFreePart(m_level), {},
            [&](std::int64_t firstRow, std::span<const float>, std::span<const float> planned) {
                std::copy(planned.begin(), planned.end(),
                    dst.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(firstRow) * columns));
            }));
        return true;
    }

    std::vector<at::Tensor> stored(const Layer& layer, std::span<const std::string_view> suffixes) override
    {
        const Choice& choice = *m_choices.at(&layer);
        const StorageFormat& format = *findFormat(choice.format);
        const MatrixShape shape{layer.shape[0], layer.shape[1]};
        const std::vector<StoredTensor> layout = format.layout(shape, choice.params);
        std::vector<at::Tensor> found(suffixes.size());
        StoredBytes plain;
        const StoredBytes* bytes = nullptr;
        for (std::size_t i = 0; i < layout.size(); ++i) {
            const auto wanted = std::find(suffixes.begin(), suffixes.end(), layout[i].suffix);
            if (wanted == suffixes.end())
                continue;
            if (bytes == nullptr && usesStatistics(layer, choice, m_level, m_statistics.get()))
                bytes = &quantized(layer, choice).tensors;
            else if (bytes == nullptr)
                bytes = &(plain = encodeWhole(format,
                              {shape, layer.stored ? DType::F32 : layer.dtype, choice.params,
                                  dataFreePart(m_level), {}},
                              rowsOf(layer)));
            at::Tensor values = at::empty(layout[i].shape, at::kFloat);
            valueOf(toFloats(layout[i].dtype, (*bytes)[i],
                {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())}));
            found[static_cast<std::size_t>(wanted - suffixes.begin())] = std::move(values);
        }
        return found;
    }

private:
    /// Of a layer that is not encoded: only where the export casts it.
    bool readKept(const Layer& layer, LayerPart part, std::span<float> dst) const
    {
        const std::size_t index
            = part == LayerPart::Weight ? layer.weight : static_cast<std::size_t>(layer.bias);
        const TensorInfo& tensor = m_model->source->tensors()[index];
        const DType written = writtenDtype(m_plan, layer, tensor);
        if ((part == LayerPart::Weight && layer.stored) || written == tensor.dtype)
            return false;
        readCast(*m_model, index, written, dst);
        return true;
    }

    bool readQuantized(const Layer& layer, const Choice& choice, LayerPart part, std::span<float> dst)
    {
        const WholeLayer& whole = quantized(layer, choice);
        const StorageFormat& format = *findFormat(choice.format);
        const MatrixShape shape{layer.shape[0], layer.shape[1]};
        if (part == LayerPart::Bias) {
            valueOf(toFloats(biasDtype(layer), whole.tensors.back(), dst));
            return true;
        }
        StoredReader reader
            = [&](std::size_t tensor, std::uint64_t offset, std::span<std::byte> bytes) -> Status {
            const std::vector<std::byte>& stored = whole.tensors.at(tensor);
            if (offset > stored.size() || bytes.size() > stored.size() - offset)
                return fail(ErrorCode::Internal, "stored tensor {} of {} ends early", tensor, layer.name);
            std::memcpy(bytes.data(), stored.data() + offset, bytes.size());
            return {};
        };
        const auto decoder = valueOf(
            format.decoder(shape, choice.params, format.layout(shape, choice.params), std::move(reader)));
        valueOf(decoder->decodeRows(0, shape.rows, dst));
        return true;
    }

    const WholeLayer& quantized(const Layer& layer, const Choice& choice)
    {
        const std::lock_guard lock(m_mutex); // methods take all cores: one at a time
        const auto known = m_quantized.find(&layer);
        if (known != m_quantized.end())
            return known->second;
        const WholeQuantizer quantizer
            = calibratedQuantizer(*m_model, layer, choice, m_level, m_inputs, biasDtype(layer));
        return m_quantized.emplace(&layer, valueOf(quantizer(rowsOf(layer), {}))).first->second;
    }

    std::vector<float> rowsOf(const Layer& layer) const
    {
        std::unique_ptr<LayerDecoder> stored;
        if (layer.stored)
            stored = valueOf(openStoredLayer(*m_model, layer));
        std::vector<float> rows(static_cast<std::size_t>(layer.shape[0] * layer.shape[1]));
        valueOf(readLayerRows(*m_model, layer, stored.get(), 0, layer.shape[0], rows));
        return rows;
    }

    DType biasDtype(const Layer& layer) const
    {
        if (layer.bias < 0)
            return DType::F32;
        return writtenDtype(m_plan, layer, m_model->source->tensors()[static_cast<std::size_t>(layer.bias)]);
    }

    std::shared_ptr<const Model> m_model;
    QuantPlan m_plan;
    std::shared_ptr<const StatisticsFile> m_statistics;
    std::shared_ptr<SharedInputs> m_inputs; ///< null without statistics
    ResolvedPlan m_resolved;
    RecipeLevel m_level;
    std::unordered_map<const Layer*, const Choice*> m_choices;
    std::mutex m_mutex; ///< guards what follows
    std::map<const Layer*, WholeLayer> m_quantized; ///< entries stay where they are
};

} // namespace

std::shared_ptr<PlannedWeights> makePlannedWeights(std::shared_ptr<const Model> model, const QuantPlan& plan,
    std::shared_ptr<const StatisticsFile> statistics)
{
    return std::make_shared<ExportedWeights>(std::move(model), plan, std::move(statistics));
}

} // namespace mantissa
