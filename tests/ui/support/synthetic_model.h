// SPDX-License-Identifier: GPL-3.0-or-later
// Hand-made models and files for tests of the window.
#pragma once

#include "engine/model/model.h"
#include "ui/document.h"

#include <QString>

#include <cstdint>
#include <filesystem>
#include <memory>

namespace mantissa::ui::test {

/// A transformer of `blocks` blocks with ten layers each, and a few around them: 10 × blocks + 4 layers.
/// Weights are 256 × 256 BF16; norms are vectors; the first and last layer are critical, every `modulation`
/// is at 4 bits.
std::shared_ptr<const Model> makeModel(int blocks);
/// Opened the way the presenter does, with float8_e4m3fn as base format and no preset.
OpenedCheckpoint openedModel(int blocks);
/// Writes the same layers as a safetensors file without weights on disk (sparse). `lastColumns`: where not 0,
/// one more layer of a single row with so many columns comes last; an export holds a row as a whole.
void writeSparseCheckpoint(const std::filesystem::path& path, int blocks, std::int64_t lastColumns = 0);
/// Index of a layer by name.
std::size_t layerNamed(const Model& model, const std::string& name);

/// Runs the event loop until `ready` or the time is over; true if ready.
bool waitFor(const std::function<bool()>& ready, int timeoutMs = 10000);

} // namespace mantissa::ui::test
