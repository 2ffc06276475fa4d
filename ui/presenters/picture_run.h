// SPDX-License-Identifier: GPL-3.0-or-later
// From what is chosen in the window to what the engine compares, and to the record of it.
#pragma once

#include "ui/comparison_command.h"
#include "ui/presenters/comparison_presenter.h"

#include <utility>

namespace mantissa::ui {

/// What a run of pictures starts from, gathered on the window's thread.
struct PictureRun {
    ComparisonSettings settings;
    std::shared_ptr<const Model> model;
    std::shared_ptr<const QuantPlan> plan; ///< as it is
    std::vector<VariantChoice> wanted;
    std::vector<std::uint64_t> seeds;
    QString original; ///< file of the model
    QString statistics; ///< for the plan; empty: it needs none
    bool detected = true; ///< nothing about the model was set by hand
    ModelParts parts; ///< from other files
};

/// Reads prompts, statistics and the checkpoints that are variants. InvalidInput, naming the file, for what
/// cannot be read or makes no pictures. Not for the window's thread.
Result<std::pair<ComparisonRequest, ComparisonRecord>> preparePictures(
    const PictureRun& run, const JobContext& job);

} // namespace mantissa::ui
