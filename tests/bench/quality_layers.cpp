// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/quality_layers.h"

#include "engine/io/tensor_source.h"
#include "kernels/kernel_set.h"

namespace mantissa::bench {

namespace {

constexpr std::string_view kWeightSuffix = ".weight";

Result<std::vector<float>> readTensor(const TensorSource& source, const std::string& name, Shape& shape)
{
    const std::ptrdiff_t index = source.find(name);
    if (index < 0)
        return fail(ErrorCode::InvalidInput, "the file has no tensor {}", name);
    const TensorInfo& info = source.tensors()[static_cast<std::size_t>(index)];
    shape = info.shape;
    const auto count = static_cast<std::size_t>(elementCount(info.shape).value_or(0));
    std::vector<float> values(count);
    const auto& kernels = kernels::activeKernels();
    if (info.dtype == DType::F32) {
        if (auto read
            = source.read(static_cast<std::size_t>(index), 0, std::as_writable_bytes(std::span(values)));
            !read)
            return forward(std::move(read));
        return values;
    }
    if (info.dtype != DType::F16 && info.dtype != DType::BF16)
        return fail(
            ErrorCode::InvalidInput, "{} is stored as {}, not as F32, F16 or BF16", name, nameOf(info.dtype));
    std::vector<std::byte> bytes(2 * count);
    if (auto read = source.read(static_cast<std::size_t>(index), 0, bytes); !read)
        return forward(std::move(read));
    (info.dtype == DType::F16 ? kernels.floatFromF16 : kernels.floatFromBF16)(
        bytes.data(), count, values.data());
    return values;
}

} // namespace

Result<std::vector<QualityLayer>> readQualityFile(const std::string& path)
{
    auto opened = openCheckpoint(path);
    if (!opened)
        return forward(std::move(opened));
    const TensorSource& source = **opened;
    std::vector<QualityLayer> layers;
    for (const TensorInfo& info : source.tensors()) {
        if (!std::string_view(info.name).ends_with(kWeightSuffix))
            continue;
        QualityLayer layer;
        layer.name = info.name.substr(0, info.name.size() - kWeightSuffix.size());
        if (source.find(layer.name + ".hessian") < 0)
            continue;
        if (info.shape.size() != 2)
            return fail(ErrorCode::InvalidInput, "{} is no matrix", info.name);
        layer.shape = {info.shape[0], info.shape[1]};
        const std::int64_t n = layer.shape.cols;
        const struct {
            const char* suffix;
            std::vector<float>* to;
            std::int64_t rows; ///< 0: a vector; -1: any number
        } parts[] = {{".weight", &layer.weight, layer.shape.rows}, {".hessian", &layer.hessian, n},
            {".mean", &layer.mean, 0}, {".amax", &layer.absMax, 0}, {".meanabs", &layer.meanAbs, 0},
            {".calib", &layer.calibration, -1}, {".test", &layer.test, -1}};
        for (const auto& part : parts) {
            Shape shape;
            auto values = readTensor(source, layer.name + part.suffix, shape);
            if (!values)
                return forward(std::move(values));
            const bool fits = part.rows == 0
                ? shape == Shape{n}
                : shape.size() == 2 && shape[1] == n && (part.rows < 0 || shape[0] == part.rows);
            if (!fits)
                return fail(ErrorCode::InvalidInput, "{}{} does not fit the weight", layer.name, part.suffix);
            *part.to = std::move(*values);
        }
        layers.push_back(std::move(layer));
    }
    if (layers.empty())
        return fail(ErrorCode::InvalidInput, "{} holds no layer with a weight and a Hessian", path);
    return layers;
}

} // namespace mantissa::bench
