// SPDX-License-Identifier: GPL-3.0-or-later
// What the window compared, so that the command line can do it again: the command, and the files that it
// names.
#pragma once

#include "engine/plan/plan.h"
#include "ui/model_parts.h"
#include "ui/sampling_choice.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mantissa::ui {

struct ComparisonRecord {
    struct Variant {
        QString name;
        QString file; ///< checkpoint, or folder of pictures; empty: the first one's
        QString format; ///< id; empty: none
        std::shared_ptr<const QuantPlan> plan; ///< of plans that are not in a file; null: none
    };
    std::vector<Variant> variants; ///< the first is the baseline
    bool folders = false; ///< of pictures; what follows is not looked at then, but for lpips
    std::vector<std::string> prompts;
    std::vector<std::uint64_t> seeds;
    int steps = 0, width = 0, height = 0; ///< 0: the model's usual ones
    SamplingChoice sampling;
    QString negative; ///< prompt; may be empty
    QString statistics; ///< empty: none
    QStringList lpips;
    bool repeatable = true; ///< false where it was made with something that the command line cannot say
    ModelParts parts; ///< from other files
};

/// `mantissa compare …`, with the files of writeComparisonInputs() in `folder`; its report goes to a folder
/// beside that. Empty where nothing was compared or it cannot be repeated.
QString comparisonCommand(const ComparisonRecord& record, const QString& folder);
/// Writes prompts.txt and the plans that are in no file (plans/NAME.json) into `folder`. Not for the window's
/// thread.
Status writeComparisonInputs(const ComparisonRecord& record, const QString& folder);

} // namespace mantissa::ui
