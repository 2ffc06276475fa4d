// SPDX-License-Identifier: GPL-3.0-or-later
// What a plan makes of one layer, without writing it: encoded and decoded again, block by block.
#pragma once

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <functional>
#include <span>

namespace mantissa {

/// Called for each block of rows, in order: the source's values and what a reader of the export will see.
using PlannedRows = std::function<void(
    std::int64_t firstRow, std::span<const float> source, std::span<const float> planned)>;

/// Encodes a layer as `choice` says and decodes it again; the values are exactly those that the exported file
/// gives. Memory is one block of rows. Internal if the choice keeps the layer or the layer is no matrix.
Status runPlannedLayer(const Model& model, const Layer& layer, const Choice& choice, Recipe recipe,
    const JobContext& job, const PlannedRows& rows);

} // namespace mantissa
