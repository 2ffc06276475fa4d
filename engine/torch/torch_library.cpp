// SPDX-License-Identifier: GPL-3.0-or-later
// The entry of libmantissa_torch: what the core may ask of it.
#include "engine/torch/prelude.h"

#include "engine/torch/calibration/calibrator.h"
#include "engine/torch/generation.h"
#include "engine/torch/pipeline/image_pipeline.h"
#include "engine/torch/layer_quantizer.h"
#include "engine/torch/metrics/lpips.h"
#include "engine/torch/sensitivity/prober.h"
#include "engine/torch/torch_api.h"

#include <algorithm>
#include <cstring>

namespace mantissa {

namespace {

template <typename Work> bool guarded(char* error, std::size_t errorBytes, const Work& work) noexcept
{
    try {
        work();
        return true;
    } catch (const std::exception& problem) {
        if (errorBytes > 0) {
            std::strncpy(error, problem.what(), errorBytes - 1);
            error[errorBytes - 1] = '\0';
        }
    } catch (...) {
        if (errorBytes > 0)
            *error = '\0';
    }
    return false;
}

at::Tensor view(const float* values, std::size_t rows, std::size_t columns)
{
    // from_blob takes no const pointer; the tensor is only read.
    return at::from_blob(const_cast<float*>(values),
        {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)}, at::kFloat);
}

bool normals(std::uint64_t seed, const std::size_t* lengths, std::size_t count, float* dst, char* error,
    std::size_t errorBytes)
{
    return guarded(error, errorBytes, [&] {
        at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
        for (std::size_t i = 0; i < count; ++i) {
            const at::Tensor values
                = at::randn({static_cast<std::int64_t>(lengths[i])}, generator, at::kFloat);
            dst = std::copy_n(values.const_data_ptr<float>(), lengths[i], dst);
        }
    });
}

bool meanOfProducts(const float* x, std::size_t samples, std::size_t k, const float* rows,
    std::size_t rowCount, float* dst, char* error, std::size_t errorBytes)
{
    return guarded(error, errorBytes, [&] {
        at::set_num_threads(1);
        const at::Tensor mean
            = at::matmul(view(x, samples, k), view(rows, rowCount, k).t()).mean(0).contiguous();
        std::copy_n(mean.const_data_ptr<float>(), rowCount, dst);
    });
}

std::shared_ptr<SharedHessian> makeSharedHessian()
{
    return std::make_shared<SharedHessian>();
}

const TorchApi kApi = {kTorchTableVersion, TORCH_VERSION, normals, meanOfProducts, makeImagePipeline,
    makeCalibration, quantizeLayer, makeSharedHessian, runProbe, openLpips};

} // namespace

} // namespace mantissa

extern "C" __attribute__((visibility("default"))) const mantissa::TorchApi* mantissaTorchApi()
{
    return &mantissa::kApi;
}
