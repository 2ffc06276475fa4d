// SPDX-License-Identifier: GPL-3.0-or-later
// The random inputs of the bias correction (section 5.2 of the format notes).
#pragma once

#include "engine/ctq/torch_random.h"
#include "engine/base/error.h"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace mantissa::ctq {

using Matrix = std::vector<float>;

/// One matrix of normals, samples × K, for every number of input features, all from one generator in the
/// order in which the numbers were first seen. Made when asked for; only the ones used last are kept.
/// Thread-safe.
class Calibration {
public:
    Calibration(std::int64_t samples, std::uint64_t seed)
        : m_samples(samples)
        , m_generator(seed)
    { }

    /// Draws numbers for K inputs, unless that was done. Not thread-safe: before the first inputs().
    void see(std::int64_t features);
    std::int64_t samples() const { return m_samples; }

    /// Unsupported if the matrix would be larger than memory should be; features were seen.
    Result<std::shared_ptr<const Matrix>> inputs(std::int64_t features);
    /// The same, each run of `group` columns rotated.
    Result<std::shared_ptr<const Matrix>> rotatedInputs(std::int64_t features, std::int64_t group);

private:
    struct Key {
        std::int64_t features, group;
        auto operator<=>(const Key&) const = default;
    };
    struct Kept {
        Key key;
        std::shared_ptr<const Matrix> matrix;
    };
    Result<std::shared_ptr<const Matrix>> find(Key key);
    std::shared_ptr<Matrix> draw(std::int64_t features) const;

    std::int64_t m_samples;
    TorchGenerator m_generator; ///< after everything seen
    std::map<std::int64_t, TorchGenerator> m_before; ///< by features: the generator as it was then
    std::mutex m_mutex;
    std::vector<Kept> m_kept; ///< last used first
};

} // namespace mantissa::ctq
