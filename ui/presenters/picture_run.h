// SPDX-License-Identifier: GPL-3.0-or-later
// From what is chosen in the window to pictures that are to be made.
#pragma once

#include "ui/picture_job.h"
#include "ui/presenters/comparison_presenter.h"

namespace mantissa::ui {

/// What a run of pictures starts from, gathered on the window's thread.
struct PictureRun {
    ComparisonSettings settings;
    std::shared_ptr<const Model> model;
    DetectionOverrides overrides; ///< that the model was opened with
    std::shared_ptr<const QuantPlan> plan; ///< as it is
    std::vector<VariantChoice> wanted;
    std::vector<std::uint64_t> seeds;
    QString original; ///< file of the model
    QString statistics; ///< for the plan; empty: it needs none
    QStringList lpips; ///< its weights
    ModelParts parts; ///< from other files
};

/// Reads prompts: not for the window's thread. InvalidInput where there are none.
Result<PictureJob> pictureJobOf(const PictureRun& run);

} // namespace mantissa::ui
