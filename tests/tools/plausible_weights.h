// SPDX-License-Identifier: GPL-3.0-or-later
// Random weights that look like trained ones: roughly normal, as wide as the number of inputs asks for, with
// a few outlier columns; norms around one, small biases, integers in order. A function of name, seed and
// place only.
#pragma once

#include "engine/io/safetensors_header.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace mantissa::tools {

class PlausibleWeights {
public:
    PlausibleWeights(const std::vector<HeaderTensor>& tensors, std::uint64_t seed);
    ~PlausibleWeights();

    /// `offset` is a multiple of the element size. Thread-safe.
    void fill(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace mantissa::tools
