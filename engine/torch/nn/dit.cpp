// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/dit.h"

#include "engine/torch/failure.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace mantissa::nn {

namespace {

std::string describe(at::IntArrayRef shape)
{
    std::string text;
    for (const std::int64_t length : shape)
        text += fmt::format("{}{}", text.empty() ? "" : ", ", length < 0 ? "any" : std::to_string(length));
    return "[" + text + "]";
}

std::int64_t product(const std::vector<std::int64_t>& lengths)
{
    return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{1}, std::multiplies<>());
}

/// The kernel of a patch embedding; none of its lengths may be 0, as sizes are divided by them.
std::vector<std::int64_t> kernelOf(const Scope& scope)
{
    const Shape& shape = scope.shape("weight");
    if (shape.size() < 4 || shape.size() > 5 || std::find(shape.begin(), shape.end(), 0) != shape.end())
        raise(ErrorCode::InvalidInput, "{}.weight is {}, which cuts neither pictures nor video into patches",
            scope.path(), describe(at::IntArrayRef(shape.data(), shape.size())));
    return {shape.begin() + 2, shape.end()};
}

void requireVector(const Scope& scope, std::string_view tensor, std::int64_t width)
{
    const Shape& shape = scope.shape(tensor);
    if (shape != Shape{width})
        raise(ErrorCode::InvalidInput, "{}.{} is {}, and must have {} channels", scope.path(), tensor,
            describe(at::IntArrayRef(shape.data(), shape.size())), width);
}

} // namespace

void requireInput(const at::Tensor& value, std::string_view name, std::initializer_list<std::int64_t> shape)
{
    const at::IntArrayRef wanted(shape.begin(), shape.size());
    if (!value.defined())
        raise(ErrorCode::Usage, "this network needs the input {} of shape {}", name, describe(wanted));
    bool fits = value.dim() == static_cast<std::int64_t>(shape.size()) && value.numel() > 0;
    for (std::size_t i = 0; fits && i < wanted.size(); ++i)
        fits = wanted[i] < 0 || wanted[i] == value.size(static_cast<std::int64_t>(i));
    if (!fits)
        raise(ErrorCode::Usage, "the input {} of this network is {}, and must be {}", name,
            describe(value.sizes()), describe(wanted));
}

std::int64_t quotient(std::int64_t whole, std::int64_t part, std::string_view what)
{
    if (part < 1 || whole < part || whole % part != 0)
        raise(ErrorCode::InvalidInput, "{} cannot be cut into {}", whole, what);
    return whole / part;
}

void requireAxes(const std::vector<std::int64_t>& axisWidths, std::int64_t headWidth)
{
    std::int64_t sum = 0;
    for (const std::int64_t width : axisWidths) {
        if (width % 2 != 0 || width > headWidth)
            raise(
                ErrorCode::InvalidInput, "a rotary axis {} wide does not fit heads of {}", width, headWidth);
        sum += width;
    }
    if (sum != headWidth)
        throw Failure(Error{ErrorCode::InvalidInput,
            sentence("the rotary axes make up {} of a head of {}", sum, headWidth), {},
            "a reduced model says its axes in the metadata (config: axes_dim)"});
}

at::Tensor loadTable(const Scope& scope, std::string_view name, std::int64_t rows, std::int64_t width)
{
    const Shape& shape = scope.shape(name);
    if (product({shape.begin(), shape.end()}) != rows * width)
        raise(ErrorCode::InvalidInput, "{} is {}, and must hold {} rows of {}", (scope / name).path(),
            describe(at::IntArrayRef(shape.data(), shape.size())), rows, width);
    return scope.load(name).reshape({rows, width});
}

void requireBiases(const Scope& scope, std::initializer_list<std::string_view> places)
{
    constexpr std::string_view kWeight = ".weight";
    const WeightStore& weights = scope.context().weights;
    for (const std::string_view place : places) {
        const std::string prefix = (scope / place).path() + ".";
        for (const auto& [name, id] : weights.names()) {
            if (name.starts_with(prefix) && name.ends_with(kWeight) && weights.shape(id).size() > 1)
                weights.find(name.substr(0, name.size() - kWeight.size()) + ".bias");
        }
    }
}

Scope firstOf(const Scope& scope, std::initializer_list<std::string_view> places)
{
    for (const std::string_view place : places) {
        if (scope.has(std::string(place) + ".weight") || scope.has(std::string(place) + ".scale"))
            return scope / place;
    }
    return scope / *places.begin();
}

std::int64_t countBlocks(
    const Scope& scope, std::string_view list, std::initializer_list<std::string_view> tensors)
{
    std::int64_t n = 0;
    const auto isThere
        = [&](std::string_view tensor) { return scope.has(fmt::format("{}.{}.{}", list, n, tensor)); };
    while (std::any_of(tensors.begin(), tensors.end(), isThere))
        ++n;
    return n;
}

Linear linearTo(const Scope& scope, std::int64_t out)
{
    Linear linear(scope);
    if (linear.outFeatures() != out)
        raise(ErrorCode::InvalidInput, "{} makes {} features, where the network needs {}", scope.path(),
            linear.outFeatures(), out);
    return linear;
}

RmsNorm rmsNormOver(const Scope& scope, std::int64_t width, double eps)
{
    requireVector(scope, scope.has("weight") ? "weight" : "scale", width);
    return RmsNorm(scope, eps);
}

LayerNorm layerNormOver(const Scope& scope, std::int64_t width, double eps)
{
    requireVector(scope, "weight", width);
    requireVector(scope, "bias", width);
    return LayerNorm(scope, eps);
}

at::Tensor padToPatch(const at::Tensor& x, const std::vector<std::int64_t>& patch)
{
    at::Tensor padded = x;
    for (std::size_t i = 0; i < patch.size(); ++i) {
        const auto dimension = static_cast<std::int64_t>(i) + 2;
        const std::int64_t length = x.size(dimension), rest = length % patch[i];
        if (rest == 0)
            continue;
        const at::Tensor indices = at::arange(length + patch[i] - rest, x.options().dtype(at::kLong));
        padded = padded.index_select(dimension, indices.remainder(length));
    }
    return padded;
}

at::Tensor cutTo(const at::Tensor& y, const at::Tensor& x)
{
    at::Tensor cut = y;
    for (std::int64_t dimension = 2; dimension < x.dim(); ++dimension)
        cut = cut.slice(dimension, 0, x.size(dimension));
    return cut;
}

std::vector<std::int64_t> patchGrid(const at::Tensor& x, const std::vector<std::int64_t>& patch)
{
    std::vector<std::int64_t> grid;
    for (std::size_t i = 0; i < patch.size(); ++i)
        grid.push_back((x.size(static_cast<std::int64_t>(i) + 2) + patch[i] - 1) / patch[i]);
    return grid;
}

at::Tensor cutPatches(const at::Tensor& x, const std::vector<std::int64_t>& patch, PatchOrder order)
{
    const auto axes = static_cast<std::int64_t>(patch.size());
    const std::vector<std::int64_t> grid = patchGrid(x, patch);
    std::vector<std::int64_t> split{x.size(0), x.size(1)}, permutation{0};
    for (std::size_t i = 0; i < patch.size(); ++i) {
        split.insert(split.end(), {grid[i], patch[i]});
        permutation.push_back(2 + 2 * static_cast<std::int64_t>(i));
    }
    if (order == PatchOrder::ChannelsFirst)
        permutation.push_back(1);
    for (std::int64_t i = 0; i < axes; ++i)
        permutation.push_back(3 + 2 * i);
    if (order == PatchOrder::ChannelsLast)
        permutation.push_back(1);
    return x.reshape(split)
        .permute(permutation)
        .reshape({x.size(0), product(grid), x.size(1) * product(patch)});
}

at::Tensor joinPatches(const at::Tensor& tokens, const std::vector<std::int64_t>& grid,
    const std::vector<std::int64_t>& patch, PatchOrder order)
{
    const auto axes = static_cast<std::int64_t>(patch.size());
    const std::int64_t channels = quotient(tokens.size(-1), product(patch), "the numbers of a patch");
    const bool first = order == PatchOrder::ChannelsFirst;
    // Dimensions: sample, grid…, then channel and patch… in either order.
    std::vector<std::int64_t> split{tokens.size(0)};
    split.insert(split.end(), grid.begin(), grid.end());
    if (first)
        split.push_back(channels);
    split.insert(split.end(), patch.begin(), patch.end());
    if (!first)
        split.push_back(channels);
    std::vector<std::int64_t> permutation{0, first ? axes + 1 : 2 * axes + 1},
        joined{tokens.size(0), channels};
    for (std::int64_t i = 0; i < axes; ++i) {
        permutation.insert(permutation.end(), {1 + i, axes + 1 + (first ? 1 : 0) + i});
        const auto index = static_cast<std::size_t>(i);
        joined.push_back(grid[index] * patch[index]);
    }
    return tokens.reshape(split).permute(permutation).reshape(joined);
}

at::Tensor gridPositions(const std::vector<std::int64_t>& grid, at::Device device)
{
    std::vector<at::Tensor> axes;
    axes.reserve(grid.size());
    for (const std::int64_t length : grid)
        axes.push_back(at::arange(length, at::TensorOptions(at::kDouble).device(device)));
    const std::vector<at::Tensor> points = at::meshgrid(axes, "ij");
    return at::stack(points, -1).reshape({-1, static_cast<std::int64_t>(grid.size())});
}

at::Tensor modulate(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale)
{
    const auto perToken = [](const at::Tensor& t) { return t.dim() == 2 ? t.unsqueeze(1) : t; };
    return x * (perToken(scale) + 1) + perToken(shift);
}

at::Tensor geluTanh(const at::Tensor& x)
{
    return at::gelu(x, "tanh");
}

at::Tensor siluGate(const at::Tensor& x)
{
    const auto half = x.chunk(2, -1);
    return at::silu(half[0]) * half[1];
}

TwoLinear::TwoLinear(
    const Scope& place, std::string_view first, std::string_view second, Activation activation)
    : TwoLinear(place, place / first, place / second, activation)
{ }

TwoLinear::TwoLinear(const Scope& place, const Scope& first, const Scope& second, Activation activation)
    : m_place(place)
    , m_first(first)
    , m_second(second)
    , m_activation(activation)
{ }

at::Tensor TwoLinear::operator()(const at::Tensor& x) const
{
    at::Tensor y = m_second(m_activation(m_first(x)));
    m_place.tap(y);
    return y;
}

PatchEmbedding::PatchEmbedding(const Scope& scope)
    : m_patch(kernelOf(scope))
    , m_in(scope.dim("weight", 1))
    , m_conv(scope, m_patch, std::vector<std::int64_t>(m_patch.size(), 0))
{ }

at::Tensor PatchEmbedding::operator()(const at::Tensor& x) const
{
    return m_conv(padToPatch(x, m_patch)).flatten(2).transpose(1, 2);
}

TwoLinear twoLinearTo(const Scope& place, const Scope& first, const Scope& second,
    TwoLinear::Activation activation, std::int64_t out)
{
    const std::int64_t taken = linearTo(second, out).inFeatures();
    linearTo(first, activation == siluGate ? 2 * taken : taken);
    return {place, first, second, activation};
}

FinalLayer::FinalLayer(const Scope& scope, std::int64_t width, bool ownModulation)
    : m_scope(scope)
    , m_norm(scope / "norm_final", 1e-6)
    , m_linear(scope / "linear")
{
    if (ownModulation)
        m_modulation.emplace(linearTo(scope / "adaLN_modulation.1", 2 * width));
}

at::Tensor FinalLayer::operator()(const at::Tensor& x, const at::Tensor& vector) const
{
    const auto part = m_modulation.value()(at::silu(vector)).chunk(2, -1);
    return (*this)(x, part[0], part[1]);
}

at::Tensor FinalLayer::operator()(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale) const
{
    at::Tensor y = m_linear(modulate(m_norm(x), shift, scale));
    m_scope.tap(y);
    return y;
}

SquarePositions::SquarePositions(
    const Scope& scope, std::string_view tensor, std::int64_t width, Beyond beyond)
    : m_scope(scope)
    , m_tensor(tensor)
    , m_width(width)
    , m_beyond(beyond)
{
    const Shape& shape = scope.shape(tensor);
    const std::int64_t cells = shape.empty() ? 0 : product({shape.begin(), shape.end() - 1});
    m_side = std::llround(std::sqrt(static_cast<double>(cells)));
    if (cells < 1 || shape.back() != width || m_side * m_side != cells)
        raise(ErrorCode::InvalidInput, "{} is {}, and must hold a square of positions of {} channels", tensor,
            describe(at::IntArrayRef(shape.data(), shape.size())), width);
}

const at::Tensor& SquarePositions::operator()(const std::vector<std::int64_t>& grid)
{
    if (m_positions.defined() && grid == m_grid)
        return m_positions;
    const std::int64_t largest = std::max(grid.at(0), grid.at(1));
    if (largest > m_side && m_beyond == Beyond::Refuse)
        raise(ErrorCode::Usage,
            "this network has positions for {0}×{0} patches, and the picture takes {1}×{2}", m_side, grid[0],
            grid[1]);
    at::Tensor table = m_scope.loadFloat(m_tensor).reshape({m_side, m_side, m_width});
    if (largest > m_side)
        table = at::upsample_bilinear2d(table.permute({2, 0, 1}).unsqueeze(0), {largest, largest}, false)
                    .squeeze(0)
                    .permute({1, 2, 0});
    const std::int64_t side = std::max(m_side, largest);
    const std::int64_t top = (side - grid[0]) / 2, left = (side - grid[1]) / 2;
    // A copy, so that the whole table, a gigabyte in SD 3.5 medium, need not stay.
    m_positions = table.slice(0, top, top + grid[0])
                      .slice(1, left, left + grid[1])
                      .reshape({-1, m_width})
                      .to(m_scope.context().weights.options().compute, false, true);
    m_grid = grid;
    return m_positions;
}

} // namespace mantissa::nn
