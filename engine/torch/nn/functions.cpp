// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/functions.h"

#include "engine/torch/failure.h"

#include <cmath>

namespace mantissa::nn {

at::Tensor timestepEmbedding(
    const at::Tensor& t, std::int64_t width, double maxPeriod, bool sinFirst, double scale)
{
    const std::int64_t half = width / 2;
    const at::Tensor frequencies = at::exp(at::arange(half, at::TensorOptions(at::kFloat).device(t.device()))
        * (-std::log(maxPeriod) / double(half)));
    at::Tensor angles = t.to(at::kFloat).unsqueeze(-1) * frequencies;
    if (scale != 1.0)
        angles = angles * scale;
    at::Tensor embedding
        = sinFirst ? at::cat({angles.sin(), angles.cos()}, -1) : at::cat({angles.cos(), angles.sin()}, -1);
    if (width % 2 == 1)
        embedding = at::pad(embedding, {0, 1});
    return embedding;
}

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
    std::optional<double> scale)
{
    std::optional<at::Tensor> added;
    if (mask.defined())
        added = mask;
    return mergeHeads(at::scaled_dot_product_attention(q, k, v, added, 0.0, false, scale));
}

at::Tensor rmsNormalize(const at::Tensor& x, double eps)
{
    const at::Tensor wide = x.to(at::kFloat);
    return (wide * at::rsqrt(wide.square().mean(-1, true).add_(eps))).to(x.scalar_type());
}

at::Tensor splitHeads(const at::Tensor& x, std::int64_t heads)
{
    if (x.size(-1) % heads != 0)
        raise(ErrorCode::InvalidInput, "{} heads do not divide {} channels", heads, x.size(-1));
    return x.unflatten(-1, {heads, x.size(-1) / heads}).transpose(1, 2);
}

at::Tensor mergeHeads(const at::Tensor& x)
{
    return x.transpose(1, 2).flatten(2);
}

at::Tensor rotaryTable(const at::Tensor& positions, const std::vector<std::int64_t>& axisWidths, double theta)
{
    if (positions.size(-1) != static_cast<std::int64_t>(axisWidths.size()))
        raise(ErrorCode::Internal, "{} axes of positions for {} axis widths", positions.size(-1),
            axisWidths.size());
    std::vector<at::Tensor> angles;
    for (std::size_t axis = 0; axis < axisWidths.size(); ++axis) {
        const std::int64_t width = axisWidths[axis];
        // In double, as the frequencies of high positions lose digits in float32.
        const at::Tensor exponents
            = at::arange(0, width, 2, at::TensorOptions(at::kDouble).device(positions.device()))
            / double(width);
        const at::Tensor frequencies = at::pow(at::Scalar(theta), -exponents);
        angles.push_back(positions.select(-1, static_cast<std::int64_t>(axis)).to(at::kDouble).unsqueeze(-1)
            * frequencies);
    }
    const at::Tensor all = at::cat(angles, -1);
    at::Tensor table = at::stack({all.cos(), all.sin()}).to(at::kFloat);
    if (positions.dim() == 3)
        table = table.unsqueeze(2);
    return table;
}

at::Tensor rotatePairs(const at::Tensor& x, const at::Tensor& table)
{
    const at::Tensor pairs = x.to(at::kFloat).unflatten(-1, {x.size(-1) / 2, 2});
    const at::Tensor a = pairs.select(-1, 0), b = pairs.select(-1, 1);
    const at::Tensor cosine = table.select(0, 0), sine = table.select(0, 1);
    return at::stack({a * cosine - b * sine, a * sine + b * cosine}, -1).flatten(-2).to(x.scalar_type());
}

at::Tensor patchify(const at::Tensor& x, std::int64_t p)
{
    const std::int64_t batch = x.size(0), channels = x.size(1), rows = x.size(2) / p, columns = x.size(3) / p;
    return x.reshape({batch, channels, rows, p, columns, p})
        .permute({0, 2, 4, 1, 3, 5})
        .reshape({batch, rows * columns, channels * p * p});
}

at::Tensor unpatchify(const at::Tensor& x, std::int64_t p, std::int64_t rows, std::int64_t columns)
{
    const std::int64_t batch = x.size(0), channels = x.size(2) / (p * p);
    return x.reshape({batch, rows, columns, channels, p, p})
        .permute({0, 3, 1, 4, 2, 5})
        .reshape({batch, channels, rows * p, columns * p});
}

at::Tensor toFrames(const at::Tensor& x)
{
    return x.transpose(1, 2).flatten(0, 1);
}

at::Tensor fromFrames(const at::Tensor& frames, std::int64_t batch)
{
    return frames.unflatten(0, {batch, frames.size(0) / batch}).transpose(1, 2);
}

at::Tensor perChannel(const at::Tensor& values, const at::Tensor& x)
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
    shape[1] = values.numel();
    return values.to(x.options()).reshape(shape);
}

at::Tensor quickGelu(const at::Tensor& x)
{
    return x * at::sigmoid(x * 1.702);
}

} // namespace mantissa::nn
