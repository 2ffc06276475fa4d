// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/planned_weights.h"

#include "engine/export/cast.h"
#include "engine/export/planned_layer.h"
#include "engine/export/stored_layer.h"
#include "engine/formats/stored_bytes.h"
#include "engine/torch/failure.h"

#include <algorithm>
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
        std::shared_ptr<CalibratedLayers> calibrated)
        : m_model(std::move(model))
        , m_plan(plan)
        , m_calibrated(std::move(calibrated))
        , m_resolved(valueOf(resolvePlan(plan, *m_model)))
    {
        for (std::size_t i = 0; i < m_model->layers.size(); ++i)
            m_choices.emplace(&m_model->layers[i], &m_resolved.decisions[i].choice);
    }

    bool replace(const Layer& layer, LayerPart part, std::span<float> dst) override
    {
        const auto it = m_choices.find(&layer);
        if (it == m_choices.end())
            return false;
        const Choice& choice = *it->second;
        if (m_calibrated->covers(layer, choice))
            return readQuantized(layer, choice, part, dst);
        if (part == LayerPart::Bias || choice.keeps())
            return readKept(layer, part, dst);
        const auto columns = static_cast<std::size_t>(layer.shape.back());
        valueOf(runPlannedLayer(*m_model, layer, choice, dataFreePart(m_calibrated->level()), {},
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
            if (bytes == nullptr && m_calibrated->covers(layer, choice))
                bytes = &valueOf(m_calibrated->stored(layer, choice))->tensors;
            else if (bytes == nullptr)
                bytes = &(plain = encodeWhole(format,
                              {shape, layer.stored ? DType::F32 : layer.dtype, choice.params,
                                  dataFreePart(m_calibrated->level()), {}},
                              valueOf(readWholeLayer(*m_model, layer))));
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
        if ((part == LayerPart::Weight && !layer.holdsPlainNumbers()) || written == tensor.dtype)
            return false;
        readCast(*m_model, index, written, dst);
        return true;
    }

    bool readQuantized(const Layer& layer, const Choice& choice, LayerPart part, std::span<float> dst)
    {
        if (part == LayerPart::Weight) {
            valueOf(m_calibrated->weights(layer, choice, dst));
            return true;
        }
        const WholeLayer& whole = *valueOf(m_calibrated->stored(layer, choice));
        valueOf(toFloats(m_calibrated->biasDtype(layer), whole.tensors.back(), dst));
        return true;
    }

    std::shared_ptr<const Model> m_model;
    QuantPlan m_plan;
    std::shared_ptr<CalibratedLayers> m_calibrated;
    ResolvedPlan m_resolved;
    std::unordered_map<const Layer*, const Choice*> m_choices;
};

} // namespace

std::shared_ptr<PlannedWeights> makePlannedWeights(std::shared_ptr<const Model> model, const QuantPlan& plan,
    std::shared_ptr<const StatisticsFile> statistics, std::shared_ptr<CalibratedLayers> calibrated)
{
    const RecipeLevel level = valueOf(recipeOf(plan));
    if (needsStatistics(level) && !statistics && !calibrated)
        throw Failure(Error{ErrorCode::Usage,
            sentence("the recipe {} needs the statistics of a calibration run", nameOf(level)), {},
            "name them with --calibration; 'mantissa calibrate' makes them"});
    if (!calibrated)
        calibrated = valueOf(CalibratedLayers::open(model, plan, std::move(statistics)));
    return std::make_shared<ExportedWeights>(std::move(model), plan, std::move(calibrated));
}

} // namespace mantissa
