// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/checkpoint_diff.h"

#include "engine/export/cast.h"
#include "engine/export/original_layers.h"
#include "engine/export/stored_layer.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace mantissa {
namespace {

std::string storedAs(const Layer& layer)
{
    return layer.stored ? layer.stored->id : std::string(nameOf(layer.dtype));
}

std::uint64_t bytesOf(const Model& model, const Layer& layer)
{
    std::uint64_t bytes = model.source->tensors()[layer.weight].storedBytes();
    for (const std::size_t companion : layer.companions)
        bytes += model.source->tensors()[companion].storedBytes();
    return bytes;
}

bool hasFloats(const Layer& layer)
{
    return !layer.shape.empty() && (layer.stored.has_value() || isTrainingFloat(layer.dtype))
        && elementCount(layer.shape).value_or(0) > 0;
}

/// Of stored layers; null for plain ones. Nothing where there is no decoder for the format.
Result<std::unique_ptr<LayerDecoder>> decoderOf(const Model& model, const Layer& layer)
{
    if (!layer.stored)
        return std::unique_ptr<LayerDecoder>();
    return openStoredLayer(model, layer);
}

/// Fills in the error, and whether any value differs.
Status compareValues(const Model& first, const Layer& a, const Model& second, const Layer& b,
    LayerDifference& out, const JobContext& job)
{
    const auto decoderA = decoderOf(first, a), decoderB = decoderOf(second, b);
    if (!decoderA || !decoderB)
        return {}; // no way to see inside: the error stays empty
    const auto [rows, cols] = storedMatrix(a);
    const std::int64_t step = rowsAtOnce(cols);
    std::vector<float> was, is;
    ErrorSums sums;
    for (std::int64_t row = 0; row < rows && cols > 0; row += step) {
        if (job.cancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const std::int64_t count = std::min(step, rows - row);
        was.resize(static_cast<std::size_t>(count * cols));
        is.resize(was.size());
        if (Status status = readLayerRows(first, a, decoderA->get(), row, count, was); !status)
            return status;
        if (Status status = readLayerRows(second, b, decoderB->get(), row, count, is); !status)
            return status;
        sums += sumErrors(was, is);
        if (job.progress)
            job.progress->addBytes(was.size() * sizeof(float));
    }
    out.relativeError = sums.relativeError();
    return {};
}

} // namespace

std::string_view nameOf(LayerChange change) noexcept
{
    switch (change) {
    case LayerChange::Same:
        return "same";
    case LayerChange::Stored:
        return "stored otherwise";
    case LayerChange::Values:
        return "other values";
    case LayerChange::Reshaped:
        return "other shape";
    case LayerChange::Added:
        return "added";
    case LayerChange::Missing:
        return "missing";
    }
    return "same";
}

Result<std::vector<LayerDifference>> compareCheckpoints(
    const Model& first, const Model& second, const JobContext& job)
{
    const OriginalLayers others(&second, first);
    std::vector<LayerDifference> out;
    std::set<const Layer*> seen;
    std::uint64_t total = 0;
    for (const Layer& layer : first.layers)
        total
            += hasFloats(layer) ? static_cast<std::uint64_t>(*elementCount(layer.shape)) * sizeof(float) : 0;
    if (job.progress)
        job.progress->start("comparing", total, static_cast<std::uint32_t>(first.layers.size()));
    for (std::size_t i = 0; i < first.layers.size(); ++i) {
        const Layer& layer = first.layers[i];
        LayerDifference& row = out.emplace_back();
        row.name = layer.name;
        row.layer = static_cast<std::ptrdiff_t>(i);
        row.storedFirst = storedAs(layer);
        row.bytesFirst = bytesOf(first, layer);
        const Layer* other = others.find(layer.name);
        if (other == nullptr) {
            row.change = LayerChange::Missing;
        } else {
            seen.insert(other);
            row.storedSecond = storedAs(*other);
            row.bytesSecond = bytesOf(second, *other);
            if (other->shape != layer.shape)
                row.change = LayerChange::Reshaped;
            else if (hasFloats(layer) && hasFloats(*other)) {
                if (Status status = compareValues(first, layer, second, *other, row, job); !status)
                    return forward(std::move(status));
                row.change = row.storedFirst != row.storedSecond ? LayerChange::Stored
                    : row.relativeError.value_or(0) > 0          ? LayerChange::Values
                                                                 : LayerChange::Same;
            } else if (row.storedFirst != row.storedSecond) {
                row.change = LayerChange::Stored;
            }
        }
        if (job.progress) {
            job.progress->addItem();
            job.progress->setCurrent(layer.name);
        }
    }
    for (const Layer& layer : second.layers)
        if (!seen.contains(&layer)) {
            LayerDifference& row = out.emplace_back();
            row.name = layer.name;
            row.change = LayerChange::Added;
            row.storedSecond = storedAs(layer);
            row.bytesSecond = bytesOf(second, layer);
        }
    return out;
}

} // namespace mantissa
