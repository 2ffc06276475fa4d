// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "tests/quantize/random_layer.h"

namespace mantissa::test {

RandomLayer randomLayer(std::int64_t rows, std::int64_t cols, std::uint64_t seed)
{
    at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    const auto normals = [&](std::int64_t height, std::int64_t width) {
        return at::randn({height, width}, generator, at::TensorOptions(at::kFloat));
    };
    RandomLayer layer;
    layer.weight = normals(rows, cols).mul_(0.02f);
    const at::Tensor mixing = normals(cols / 4, cols);
    const at::Tensor size = normals(1, cols).mul_(0.7f).exp_();
    const at::Tensor offset = normals(1, cols).mul_(0.3f);
    const auto draw = [&](std::int64_t tokens) {
        return ((at::mm(normals(tokens, cols / 4), mixing) / 8 + 0.3 * normals(tokens, cols) + offset) * size)
            .contiguous();
    };
    layer.inputs = draw(8 * cols);
    layer.heldOut = draw(256);
    layer.hessian = at::mm(layer.inputs.t(), layer.inputs) / layer.inputs.size(0);
    layer.mean = layer.inputs.mean(0);
    layer.absMax = at::amax(layer.inputs.abs(), {0});
    layer.meanAbs = layer.inputs.abs().mean(0);
    return layer;
}

} // namespace mantissa::test
