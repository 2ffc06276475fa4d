// SPDX-License-Identifier: GPL-3.0-or-later
// Small safetensors files made by a test.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mantissa::test {

struct TinyTensor {
    std::string name, dtype; ///< "F32", "F16", …
    std::vector<std::int64_t> shape;
    std::string bytes;
};

/// An F32 tensor; the values are repeated to fill the shape.
TinyTensor tinyF32(
    const std::string& name, const std::vector<std::int64_t>& shape, const std::vector<float>& values);
/// Normal random numbers from a seed.
TinyTensor tinyRandom(
    const std::string& name, const std::vector<std::int64_t>& shape, unsigned seed, float scale = 0.05f);
/// Writes the tensors in the order given.
void writeTiny(const std::filesystem::path& path, const std::vector<TinyTensor>& tensors,
    const std::map<std::string, std::string>& metadata = {});

} // namespace mantissa::test
