// SPDX-License-Identifier: GPL-3.0-or-later
// How a person wants pictures to be sampled, where they do not want what the model usually takes.
#pragma once

#include <QString>

namespace mantissa::ui {

struct SamplingChoice {
    QString sampler, scheduler; ///< ids (engine/sampling/schedule.h); empty: the model's own
    double cfg = -1; ///< guidance scale, 1: none; negative: the model's own
};

} // namespace mantissa::ui
