// SPDX-License-Identifier: GPL-3.0-or-later
// Detection as the command line does it: files with diffusers' keys are shown under their native ones, which
// runtimes need.
#pragma once

#include "engine/arch/native_keys.h"

#include <QString>

#include <memory>

namespace mantissa::ui {

Result<NativeModel> detectNative(
    std::shared_ptr<const TensorSource> source, const DetectionOverrides& overrides);

/// Of a file, without its notes; errors name it.
Result<std::shared_ptr<const Model>> openNative(
    const QString& file, const DetectionOverrides& overrides = {});

} // namespace mantissa::ui
