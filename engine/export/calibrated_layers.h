// SPDX-License-Identifier: GPL-3.0-or-later
// The layers of a model that a calibrated recipe quantizes, for those who need their weights without an
// export: pictures of a plan, and the error of each layer. Quantizing takes seconds a layer, so it is done
// once.
#pragma once

#include "engine/calibration/statistics_file.h"
#include "engine/export/assembly.h"
#include "engine/export/shared_inputs.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <map>
#include <memory>
#include <mutex>
#include <span>

namespace mantissa {

/// Thread rule: any thread; layers are quantized one at a time, because methods take all cores.
class CalibratedLayers {
public:
    /// `statistics` may be null: no layer is quantized with them then. Unsupported, naming it, where the
    /// plan's recipe is not known.
    static Result<std::shared_ptr<CalibratedLayers>> open(std::shared_ptr<const Model> model,
        const QuantPlan& plan, std::shared_ptr<const StatisticsFile> statistics);

    RecipeLevel level() const { return m_level; }
    /// Whether the export quantizes the layer with statistics; else it is encoded without data.
    bool covers(const Layer& layer, const Choice& choice) const;
    /// The stored tensors of a layer of the model that is covered, quantized when they are first asked for
    /// and kept, in the size of the format. The pointer lives as long as this object.
    Result<const WholeLayer*> stored(const Layer& layer, const Choice& choice, const JobContext& job = {});
    /// What they decode to: the whole matrix, row-major.
    Status weights(
        const Layer& layer, const Choice& choice, std::span<float> dst, const JobContext& job = {});
    /// The dtype of its bias in the export; F32 where it has none.
    DType biasDtype(const Layer& layer) const;

private:
    CalibratedLayers(std::shared_ptr<const Model> model, const QuantPlan& plan, RecipeLevel level,
        std::shared_ptr<const StatisticsFile> statistics);

    std::shared_ptr<const Model> m_model;
    QuantPlan m_plan;
    RecipeLevel m_level;
    std::shared_ptr<const StatisticsFile> m_statistics; ///< null: none
    std::shared_ptr<SharedInputs> m_inputs; ///< null without statistics
    std::mutex m_mutex; ///< guards what follows
    std::map<const Layer*, WholeLayer> m_quantized; ///< entries stay where they are
};

} // namespace mantissa
