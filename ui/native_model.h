// SPDX-License-Identifier: GPL-3.0-or-later
// Detection as the command line does it: files with diffusers' keys are shown under their native ones, which
// runtimes need.
#pragma once

#include "engine/model/model.h"

#include <memory>
#include <string>
#include <vector>

namespace mantissa::ui {

struct NativeModel {
    std::shared_ptr<const Model> model;
    std::vector<std::string> notes; ///< what was translated, and what could not be
};
Result<NativeModel> detectNative(
    std::shared_ptr<const TensorSource> source, const DetectionOverrides& overrides);

} // namespace mantissa::ui
