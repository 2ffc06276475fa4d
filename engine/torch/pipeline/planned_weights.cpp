// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/planned_weights.h"

#include "engine/export/calibrated_layer.h"
#include "engine/export/cast.h"
#include "engine/export/planned_layer.h"
#include "engine/export/stored_layer.h"
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

class PlannedWeights {
public:
    PlannedWeights(std::shared_ptr<const Model> model, const QuantPlan& plan,
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
        for (std::size_t i = 0; i < m_model->layers.size(); ++i)
            m_choices.emplace(&m_model->layers[i], &m_resolved.decisions[i].choice);
    }

    bool replace(const Layer& layer, LayerPart part, std::span<float> dst)
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
        std::unique_ptr<LayerDecoder> stored;
        if (layer.stored)
            stored = valueOf(openStoredLayer(*m_model, layer));
        std::vector<float> rows(static_cast<std::size_t>(layer.shape[0] * layer.shape[1]));
        valueOf(readLayerRows(*m_model, layer, stored.get(), 0, layer.shape[0], rows));
        const WholeQuantizer quantizer
            = calibratedQuantizer(*m_model, layer, choice, m_level, m_statistics, biasDtype(layer));
        return m_quantized.emplace(&layer, valueOf(quantizer(rows, {}))).first->second;
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
    ResolvedPlan m_resolved;
    RecipeLevel m_level;
    std::unordered_map<const Layer*, const Choice*> m_choices;
    std::mutex m_mutex; ///< guards what follows
    std::map<const Layer*, WholeLayer> m_quantized; ///< entries stay where they are
};

} // namespace

std::function<bool(const Layer&, LayerPart, std::span<float>)> plannedWeights(
    const std::shared_ptr<const Model>& model, const QuantPlan& plan,
    std::shared_ptr<const StatisticsFile> statistics)
{
    auto planned = std::make_shared<PlannedWeights>(model, plan, std::move(statistics));
    return [planned](const Layer& layer, LayerPart part, std::span<float> dst) {
        return planned->replace(layer, part, dst);
    };
}

} // namespace mantissa
