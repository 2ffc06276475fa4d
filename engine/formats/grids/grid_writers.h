// SPDX-License-Identifier: GPL-3.0-or-later
// Grids and writers that several formats share. Not for use outside engine/formats.
#pragma once

#include "engine/formats/block_scales.h"
#include "engine/formats/code_grid.h"
#include "engine/formats/scaled_codes.h"

namespace mantissa::formats {

/// The grid of the "codes times a scale" formats: tensor 0 gets the codes, tensor 1 the scales;
/// `constantTensor` (if set) is written to tensor 2.
CodeGrid scaledGrid(const ScaledStorage& storage, std::optional<float> constantTensor = {});

/// Codes of one row of values, given its scales (one for each block).
using WriteCodes
    = std::function<void(std::span<const float> row, std::span<const float> scales, std::uint8_t* codes)>;
/// Writes the rows of NVFP4 and MXFP8: codes and tiled scale codes.
GridWriter blockWriter(const BlockLayout& layout, WriteCodes writeCodes);

} // namespace mantissa::formats
