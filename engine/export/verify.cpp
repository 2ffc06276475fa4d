// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/verify.h"

#include "engine/export/cast.h"
#include "engine/export/original_layers.h"
#include "engine/export/stored_layer.h"
#include "engine/base/json.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mantissa {
namespace {

/// Compares a layer with its original, or only looks for values that are not numbers.
Status checkValues(const Model& model, const Layer& layer, const Model* original, const Layer* originalLayer,
    VerifiedLayer& out, const JobContext& job)
{
    auto decoder = openStoredLayer(model, layer);
    if (!decoder) {
        out.problem = decoder.error().message;
        return {};
    }
    std::unique_ptr<LayerDecoder> originalDecoder;
    if (originalLayer != nullptr && originalLayer->stored) {
        auto opened = openStoredLayer(*original, *originalLayer);
        if (!opened)
            return forward(std::move(opened));
        originalDecoder = std::move(*opened);
    }
    const auto [rows, cols] = storedMatrix(layer);
    const std::int64_t step = rowsAtOnce(cols);
    std::vector<float> decoded, wanted;
    ErrorSums sums;
    std::uint64_t bad = 0;
    for (std::int64_t row = 0; row < rows && cols > 0; row += step) {
        if (job.cancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const std::int64_t count = std::min(step, rows - row);
        decoded.resize(static_cast<std::size_t>(count * cols));
        if (Status status = (*decoder)->decodeRows(row, count, decoded); !status)
            return tl::unexpected(std::move(status.error()).at(layer.name));
        bad += countNonFinite(decoded);
        if (originalLayer != nullptr) {
            wanted.resize(decoded.size());
            if (Status status
                = readLayerRows(*original, *originalLayer, originalDecoder.get(), row, count, wanted);
                !status)
                return status;
            sums += sumErrors(wanted, decoded);
        }
        if (job.progress)
            job.progress->addBytes(decoded.size() * sizeof(float));
    }
    if (bad > 0)
        out.problem = sentence("{} of its values decode to NaN or infinity", bad);
    if (originalLayer != nullptr) {
        out.relativeError = sums.relativeError();
        if (sums.noise > 0 && sums.signal > 0)
            out.snrDb = 10 * std::log10(sums.signal / sums.noise);
    }
    return {};
}

/// The header table and the layers' own tensors must say the same (the loader lets the table win).
void checkTable(const Model& model, VerifyReport& report)
{
    const TensorSource& source = *model.source;
    const auto it = source.info().metadata.find("_quantization_metadata");
    if (it == source.info().metadata.end())
        return;
    const auto table = parseJson(it->second);
    if (!table.is_object() || !table.contains("layers") || !table["layers"].is_object()) {
        report.problems.emplace_back(
            "the header table _quantization_metadata is not valid JSON with an object \"layers\"");
        return;
    }
    for (const auto& [name, settings] : table["layers"].items()) {
        const std::ptrdiff_t tensor = source.find(name + ".comfy_quant");
        if (source.find(name + ".weight") < 0) {
            report.problems.push_back(
                sentence("the header table names {}, which has no weight in the file", name));
            continue;
        }
        if (tensor < 0) {
            report.problems.push_back(
                sentence("{} is in the header table but has no comfy_quant tensor", name));
            continue;
        }
        const TensorInfo& info = source.tensors()[static_cast<std::size_t>(tensor)];
        std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(info.bytes, 65536)), '\0');
        if (!source.read(static_cast<std::size_t>(tensor), 0, std::as_writable_bytes(std::span(text))))
            continue;
        const auto own = parseJson(text);
        for (const auto& [key, value] : settings.items())
            if (own.is_object() && own.contains(key) && own[key] != value)
                report.problems.push_back(sentence("{}: \"{}\" is {} in the header table but {} in its "
                                                   "comfy_quant tensor; loaders follow the table",
                    name, key, value.dump(), own[key].dump()));
    }
    for (const TensorInfo& tensor : source.tensors())
        if (tensor.name.ends_with(".comfy_quant")
            && !table["layers"].contains(tensor.name.substr(0, tensor.name.size() - 12)))
            report.problems.push_back(sentence("{} is missing in the header table", tensor.name));
}

} // namespace

Result<VerifyReport> verifyModel(const Model& model, const Model* original, const JobContext& job)
{
    VerifyReport report;
    std::uint64_t total = 0;
    std::uint32_t count = 0;
    for (const Layer& layer : model.layers)
        if (layer.stored) {
            total += static_cast<std::uint64_t>(elementCount(layer.shape).value_or(0)) * sizeof(float);
            ++count;
        }
    if (job.progress)
        job.progress->start("verifying", total, count);
    checkTable(model, report);
    const OriginalLayers originals(original, model);
    for (const Layer& layer : model.layers) {
        if (!layer.stored)
            continue;
        VerifiedLayer out{layer.name, layer.stored->id, 0, 0, {}, {}, {}};
        out.bytesAfter = model.source->tensors()[layer.weight].storedBytes();
        for (const std::size_t companion : layer.companions)
            out.bytesAfter += model.source->tensors()[companion].storedBytes();
        const Layer* originalLayer = originals.find(layer.name);
        if (original != nullptr && originalLayer == nullptr)
            out.problem = "the original has no layer of this name";
        else if (originalLayer != nullptr && originalLayer->shape != layer.shape)
            out.problem = "the original has another shape";
        else if (Status status = checkValues(model, layer, original, originalLayer, out, job); !status)
            return forward(std::move(status));
        if (originalLayer != nullptr)
            out.bytesBefore = original->source->tensors()[originalLayer->weight].storedBytes();
        report.failedLayers += out.problem.empty() ? 0 : 1;
        report.layers.push_back(std::move(out));
        if (job.progress) {
            job.progress->addItem();
            job.progress->setCurrent(layer.name);
        }
    }
    return report;
}

} // namespace mantissa
