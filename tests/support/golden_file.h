// SPDX-License-Identifier: GPL-3.0-or-later
// A plain reader of the committed golden safetensors files, for tests only: it trusts the file and throws
// when something is missing. Independent of engine/io on purpose, so that a fault there cannot hide one
// elsewhere.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace mantissa::test {

struct GoldenTensor {
    std::string dtype; ///< the safetensors name ("F8_E4M3")
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;

    std::size_t elements() const;
    /// The bytes as values of T; throws if they do not divide into them.
    template <typename T> std::vector<T> as() const
    {
        if (bytes.size() % sizeof(T) != 0)
            throw std::runtime_error("golden tensor does not hold whole elements");
        std::vector<T> values(bytes.size() / sizeof(T));
        if (!values.empty())
            std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }
    /// Values of an F32, F16 or BF16 tensor as floats.
    std::vector<float> floats() const;
};

class GoldenFile {
public:
    /// `path` is relative to tests/golden ("formats/casts.safetensors"). Throws std::runtime_error.
    explicit GoldenFile(const std::string& path);
    bool has(const std::string& name) const { return m_tensors.count(name) != 0; }
    const GoldenTensor& at(const std::string& name) const; ///< throws with the name if it is missing
    const std::map<std::string, GoldenTensor>& tensors() const { return m_tensors; }
    const std::map<std::string, std::string>& metadata() const { return m_metadata; }

private:
    std::map<std::string, GoldenTensor> m_tensors;
    std::map<std::string, std::string> m_metadata;
};

} // namespace mantissa::test
