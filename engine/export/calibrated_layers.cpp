// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/calibrated_layers.h"

#include "engine/export/calibrated_layer.h"
#include "engine/export/planned_layer.h"
#include "engine/export/stored_layer.h"

#include <cstring>
#include <utility>

namespace mantissa {

CalibratedLayers::CalibratedLayers(std::shared_ptr<const Model> model, const QuantPlan& plan,
    RecipeLevel level, std::shared_ptr<const StatisticsFile> statistics)
    : m_model(std::move(model))
    , m_plan(plan)
    , m_level(level)
    , m_statistics(std::move(statistics))
    , m_inputs(m_statistics ? std::make_shared<SharedInputs>(m_statistics, m_level) : nullptr)
{ }

Result<std::shared_ptr<CalibratedLayers>> CalibratedLayers::open(std::shared_ptr<const Model> model,
    const QuantPlan& plan, std::shared_ptr<const StatisticsFile> statistics)
{
    const auto level = recipeOf(plan);
    if (!level)
        return tl::unexpected(level.error());
    return std::shared_ptr<CalibratedLayers>(
        new CalibratedLayers(std::move(model), plan, *level, std::move(statistics)));
}

bool CalibratedLayers::covers(const Layer& layer, const Choice& choice) const
{
    return !choice.keeps() && usesStatistics(layer, choice, m_level, m_statistics.get());
}

DType CalibratedLayers::biasDtype(const Layer& layer) const
{
    if (layer.bias < 0)
        return DType::F32;
    return writtenDtype(m_plan, layer, m_model->source->tensors()[static_cast<std::size_t>(layer.bias)]);
}

Result<const WholeLayer*> CalibratedLayers::stored(
    const Layer& layer, const Choice& choice, const JobContext& job)
{
    const std::lock_guard lock(m_mutex);
    if (const auto known = m_quantized.find(&layer); known != m_quantized.end())
        return &known->second;
    const auto rows = readWholeLayer(*m_model, layer);
    if (!rows)
        return tl::unexpected(rows.error());
    auto whole
        = calibratedQuantizer(*m_model, layer, choice, m_level, m_inputs, biasDtype(layer))(*rows, job);
    if (!whole)
        return forward(std::move(whole));
    return &m_quantized.emplace(&layer, std::move(*whole)).first->second;
}

Status CalibratedLayers::weights(
    const Layer& layer, const Choice& choice, std::span<float> dst, const JobContext& job)
{
    const auto whole = stored(layer, choice, job);
    if (!whole)
        return tl::unexpected(whole.error());
    const StorageFormat& format = *findFormat(choice.format);
    const MatrixShape shape{layer.shape[0], layer.shape[1]};
    StoredReader reader
        = [&](std::size_t tensor, std::uint64_t offset, std::span<std::byte> bytes) -> Status {
        const std::vector<std::byte>& stored = (*whole)->tensors.at(tensor);
        if (offset > stored.size() || bytes.size() > stored.size() - offset)
            return fail(ErrorCode::Internal, "stored tensor {} of {} ends early", tensor, layer.name);
        std::memcpy(bytes.data(), stored.data() + offset, bytes.size());
        return {};
    };
    auto decoder
        = format.decoder(shape, choice.params, format.layout(shape, choice.params), std::move(reader));
    if (!decoder)
        return forward(std::move(decoder));
    return (*decoder)->decodeRows(0, shape.rows, dst);
}

} // namespace mantissa
