// SPDX-License-Identifier: GPL-3.0-or-later
// The older scaled_fp8 convention under today's names, as ComfyUI translates it while loading (a scale_input
// of 1.0 is dropped there).
#pragma once

#include "engine/base/error.h"
#include "engine/model/model.h"

#include <string>
#include <utility>
#include <vector>

namespace mantissa {

/// What one layer becomes.
struct MigratedLayer {
    std::vector<std::pair<std::size_t, std::string>> tensors; ///< of the source, with their new names
    std::string settings; ///< for its comfy_quant tensor and the header table; empty: an ordinary layer
};

class ScaledFp8Migration {
public:
    /// Keeps a reference to the model.
    explicit ScaledFp8Migration(const Model& model);
    /// Whether the file is in that convention at all.
    bool applies() const;
    /// The marker itself becomes nothing. Reads one number for a layer with a scale_input.
    Result<MigratedLayer> migrate(const Layer& layer) const;

private:
    Result<float> readScalar(std::size_t tensor) const;

    const Model& m_model;
    std::vector<std::size_t> m_markers;
    bool m_fullPrecision = false; ///< a marker with two elements asks for full-precision products
};

} // namespace mantissa
