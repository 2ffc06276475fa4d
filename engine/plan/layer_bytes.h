// SPDX-License-Identifier: GPL-3.0-or-later
// What a layer takes in a file, to the byte of tensor data.
#pragma once

#include "engine/plan/plan.h"

#include <map>
#include <string>
#include <tuple>

namespace mantissa {

/// All tensors of the layer as the source has them.
std::uint64_t storedBytes(const Layer& layer, const TensorSource& source);
/// Sizes of exports. Remembers what a matrix takes in a format: models have thousands of layers of few
/// shapes.
class PlannedBytes {
public:
    /// All tensors of the layer as an export of this choice writes them (`choice.params` as resolve()
    /// returned them).
    std::uint64_t of(
        const QuantPlan& plan, const Choice& choice, const Layer& layer, const TensorSource& source);

private:
    using Key = std::tuple<std::string, std::string, int, int, std::string, int, int, bool, bool,
        std::int64_t, std::int64_t, std::string_view>;
    std::uint64_t encoded(const Choice& choice, MatrixShape shape, std::string_view origDtype);

    std::map<Key, std::uint64_t> m_known;
};

} // namespace mantissa
