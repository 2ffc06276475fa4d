// SPDX-License-Identifier: GPL-3.0-or-later
// Files with diffusers' keys, shown under the native ones that networks and runtimes are written against
// (spec/architectures 12). Nothing is copied: fused and swapped weights are put together while they are read.
#pragma once

#include "engine/model/model.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mantissa {

struct NativeKeys {
    std::shared_ptr<const TensorSource> source; ///< the one that was passed in where nothing is translated
    std::vector<Sentence>
        notes; ///< one sentence for what was translated, one for each component that could not be
};

/// Shows each component with diffusers' keys under its native keys, below its own prefix. A component is
/// translated as a whole or not at all: one key without a rule, or pieces that do not fit together, leave it
/// as it is. Reads no data.
NativeKeys withNativeKeys(
    const std::shared_ptr<const TensorSource>& source, std::span<const Component> components);

struct NativeModel {
    std::shared_ptr<const Model> model; ///< the one that was passed in where nothing is translated
    std::vector<Sentence> notes; ///< those of NativeKeys
};
/// Whether it shows names that its file does not have: one of withNativeKeys().
bool hasTranslatedNames(const TensorSource& source) noexcept;
/// The model under its native keys, detected anew where they differ.
Result<NativeModel> withNativeKeys(std::shared_ptr<const Model> model, const DetectionOverrides& overrides);

} // namespace mantissa
