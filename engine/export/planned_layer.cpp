// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/planned_layer.h"

#include "engine/export/layer_error.h"
#include "engine/export/stored_layer.h"

#include <algorithm>

namespace mantissa {

namespace {

constexpr std::int64_t kBlockElements = std::int64_t{1} << 18;

} // namespace

Status runPlannedLayer(const Model& model, const Layer& layer, const Choice& choice, Recipe recipe,
    const JobContext& job, const PlannedRows& rowsDone)
{
    const StorageFormat* format = findFormat(choice.format);
    if (format == nullptr || layer.shape.size() != 2)
        return fail(ErrorCode::Internal, "{} cannot be {}", layer.name, choice.format);
    std::unique_ptr<LayerDecoder> stored;
    if (layer.stored) {
        auto opened = openStoredLayer(model, layer);
        if (!opened)
            return forward(std::move(opened));
        stored = std::move(*opened);
    }
    const MatrixShape shape{layer.shape[0], layer.shape[1]};
    const auto encoder
        = format->encoder({shape, layer.stored ? DType::F32 : layer.dtype, choice.params, recipe, {}});
    const std::int64_t granule = std::max<std::int64_t>(1, encoder->rowGranularity());
    const std::int64_t step = granule
        * std::max<std::int64_t>(1, kBlockElements / std::max<std::int64_t>(1, granule * shape.cols));
    const int rounds = encoder->statsRounds();
    std::vector<float> rows, decoded;
    EncodedPieces pieces, scalars;
    for (int round = 0; round <= rounds; ++round) {
        if (round == rounds)
            encoder->finish(scalars);
        for (std::int64_t row = 0; row < shape.rows && shape.cols > 0; row += step) {
            if (job.cancelled())
                return fail(ErrorCode::Cancelled, "cancelled");
            const std::int64_t count = std::min(step, shape.rows - row);
            rows.resize(static_cast<std::size_t>(count * shape.cols));
            if (Status status = readLayerRows(model, layer, stored.get(), row, count, rows); !status)
                return status;
            if (round < rounds) {
                encoder->accumulate(round, row, rows);
                continue;
            }
            pieces.clear();
            encoder->encode(row, rows, pieces);
            decoded.resize(rows.size());
            if (Status status
                = decodeFreshRows(*format, shape, choice.params, pieces, scalars, row, count, decoded);
                !status)
                return status;
            rowsDone(row, rows, decoded);
        }
        if (round < rounds)
            encoder->finishRound(round);
    }
    return {};
}

} // namespace mantissa
