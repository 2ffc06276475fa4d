// SPDX-License-Identifier: GPL-3.0-or-later
// What the core can ask of libmantissa_torch: plain functions on plain arrays. The library is loaded when it
// is first needed, so everything that does without it starts in milliseconds and runs where there is no
// libtorch.
#pragma once

#include "engine/base/error.h"
#include "engine/base/job.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace mantissa {

class CalibrationRunner;
class ImageGenerator;
class Metric;
class TensorSource;
struct GeneratorOptions;
struct LayerOutcome;
struct LayerRequest;
struct Model;
struct ProbeCall;
struct SensitivityTable;
class SharedHessian;

/// Functions return false on failure and put a sentence into `error` (of errorBytes, always ended by a zero).
/// No exception leaves them. All may be called from several threads at once.
struct TorchApi {
    std::uint32_t tableVersion; ///< kTorchTableVersion, else the library is of another build
    const char* torchVersion; ///< "2.15.0"

    /// The values of successive torch.randn calls of a CPU generator with this seed, one after the other in
    /// dst.
    bool (*normals)(std::uint64_t seed, const std::size_t* lengths, std::size_t count, float* dst,
        char* error, std::size_t errorBytes);
    /// dst[r] = mean over s of (x · rowsᵀ)[s, r] on one thread; x is samples × k, rows is rowCount × k.
    bool (*meanOfProducts)(const float* x, std::size_t samples, std::size_t k, const float* rows,
        std::size_t rowCount, float* dst, char* error, std::size_t errorBytes);
    /// engine/torch/generation.h. Library and program are one build, so its types may cross.
    Result<std::unique_ptr<ImageGenerator>> (*openGenerator)(
        std::shared_ptr<const Model> model, const GeneratorOptions& options);
    /// engine/calibration/calibration.h.
    Result<std::unique_ptr<CalibrationRunner>> (*openCalibration)(
        std::shared_ptr<const Model> model, const GeneratorOptions& options);
    /// engine/torch/layer_quantizer.h.
    Result<LayerOutcome> (*quantizeLayer)(const LayerRequest& request);
    /// Of the same page: an empty one.
    std::shared_ptr<SharedHessian> (*makeSharedHessian)();
    /// engine/sensitivity/probe.h.
    Status (*probeLayers)(SensitivityTable& table, const std::shared_ptr<const Model>& model,
        std::span<const ProbeCall> calls, const GeneratorOptions& options,
        const std::function<void(const SensitivityTable&)>& save, const JobContext& job);
    /// engine/compare/lpips.h.
    Result<std::unique_ptr<const Metric>> (*openLpips)(
        std::span<const std::shared_ptr<const TensorSource>> weights);
};

inline constexpr std::uint32_t kTorchTableVersion = 8;
/// The one symbol that the library exports: `const TorchApi* mantissaTorchApi()`.
inline constexpr const char* kTorchEntry = "mantissaTorchApi";

} // namespace mantissa
