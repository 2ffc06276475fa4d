// SPDX-License-Identifier: GPL-3.0-or-later
// Detection as the command line does it: files with diffusers' keys are shown under their native ones, which
// runtimes need.
#pragma once

#include "engine/model/model.h"

#include <QString>

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

/// Of a file, without its notes; errors name it.
Result<std::shared_ptr<const Model>> openNative(const QString& file);

} // namespace mantissa::ui
