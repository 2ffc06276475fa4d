// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/metrics/lpips.h"

#include "engine/export/cast.h"
#include "engine/torch/failure.h"

#include <array>
#include <string>
#include <vector>

namespace mantissa {

namespace {

/// One convolution with the rectifier behind it, and what stands before it.
struct ConvLayer {
    int slice, index; ///< `net.slice{slice}.{index}` in LPIPS, `features.{index}` in torchvision
    std::int64_t inputs, outputs, kernel, stride, padding;
    std::int64_t pool; ///< window of the largest-value pooling before it, with stride 2; 0: none
    bool tap; ///< LPIPS looks at its output
};

// The feature layers of torchvision's alexnet and vgg16 that LPIPS uses (lpips 0.1.4,
// pretrained_networks.py).
constexpr std::array kAlex{ConvLayer{1, 0, 3, 64, 11, 4, 2, 0, true},
    ConvLayer{2, 3, 64, 192, 5, 1, 2, 3, true}, ConvLayer{3, 6, 192, 384, 3, 1, 1, 3, true},
    ConvLayer{4, 8, 384, 256, 3, 1, 1, 0, true}, ConvLayer{5, 10, 256, 256, 3, 1, 1, 0, true}};
constexpr std::array kVgg{ConvLayer{1, 0, 3, 64, 3, 1, 1, 0, false},
    ConvLayer{1, 2, 64, 64, 3, 1, 1, 0, true}, ConvLayer{2, 5, 64, 128, 3, 1, 1, 2, false},
    ConvLayer{2, 7, 128, 128, 3, 1, 1, 0, true}, ConvLayer{3, 10, 128, 256, 3, 1, 1, 2, false},
    ConvLayer{3, 12, 256, 256, 3, 1, 1, 0, false}, ConvLayer{3, 14, 256, 256, 3, 1, 1, 0, true},
    ConvLayer{4, 17, 256, 512, 3, 1, 1, 2, false}, ConvLayer{4, 19, 512, 512, 3, 1, 1, 0, false},
    ConvLayer{4, 21, 512, 512, 3, 1, 1, 0, true}, ConvLayer{5, 24, 512, 512, 3, 1, 1, 2, false},
    ConvLayer{5, 26, 512, 512, 3, 1, 1, 0, false}, ConvLayer{5, 28, 512, 512, 3, 1, 1, 0, true}};

// ScalingLayer of lpips 0.1.4: ImageNet's mean and deviation for values in −1…1.
constexpr std::array<float, 3> kShift{-.030F, -.088F, -.188F}, kScale{.458F, .448F, .450F};
constexpr double kTinyNorm = 1e-10; ///< normalize_tensor of lpips 0.1.4

class WeightFinder {
public:
    explicit WeightFinder(std::span<const std::shared_ptr<const TensorSource>> sources)
        : m_sources(sources)
    { }

    bool has(const std::string& name) const
    {
        return std::any_of(
            m_sources.begin(), m_sources.end(), [&](const auto& source) { return source->find(name) >= 0; });
    }

    /// The first of the names that there is.
    at::Tensor read(std::initializer_list<std::string> names, const Shape& shape) const
    {
        for (const std::string& name : names)
            for (const auto& source : m_sources)
                if (const std::ptrdiff_t index = source->find(name); index >= 0)
                    return readTensor(*source, static_cast<std::size_t>(index), shape);
        throw Failure(Error{ErrorCode::InvalidInput,
            sentence("the weights of LPIPS lack the tensor {}", *names.begin()),
            m_sources.empty() ? std::string() : m_sources.front()->info().path.string(),
            "name the state of lpips.LPIPS, or its linear layers and torchvision's network, in two files"});
    }

private:
    static at::Tensor readTensor(const TensorSource& source, std::size_t index, const Shape& shape)
    {
        const TensorInfo& info = source.tensors()[index];
        if (info.shape != shape)
            throw Failure(Error{ErrorCode::InvalidInput,
                sentence("{} has the shape [{}], but LPIPS needs [{}]", info.name,
                    fmt::join(info.shape, ", "), fmt::join(shape, ", ")),
                source.info().path.string(), {}});
        std::vector<std::byte> bytes(info.bytes);
        valueOf(source.read(index, 0, bytes));
        at::Tensor values = at::empty(at::IntArrayRef(shape.data(), shape.size()), at::kFloat);
        valueOf(toFloats(
            info.dtype, bytes, {values.mutable_data_ptr<float>(), static_cast<std::size_t>(values.numel())}));
        return values;
    }

    std::span<const std::shared_ptr<const TensorSource>> m_sources;
};

at::Tensor perChannel(const std::array<float, 3>& values)
{
    return at::tensor(at::ArrayRef<float>(values.data(), values.size())).view({1, 3, 1, 1});
}

at::Tensor networkInput(const Picture& picture)
{
    const at::Tensor bytes = at::from_blob(const_cast<std::uint8_t*>(picture.rgb.data()), // read only
        {1, picture.height, picture.width, 3}, at::kByte);
    const at::Tensor values = bytes.permute({0, 3, 1, 2}).to(at::kFloat).div_(127.5).sub_(1);
    return (values - perChannel(kShift)) / perChannel(kScale);
}

class Lpips final : public Metric {
public:
    explicit Lpips(std::span<const std::shared_ptr<const TensorSource>> sources)
    {
        const WeightFinder weights(sources);
        // VGG's second convolution has no counterpart in AlexNet.
        const bool vgg = weights.has("net.slice1.2.weight") || weights.has("features.2.weight");
        m_layers = vgg ? std::span<const ConvLayer>(kVgg) : std::span<const ConvLayer>(kAlex);
        for (const ConvLayer& layer : m_layers) {
            const std::string own = fmt::format("net.slice{}.{}.", layer.slice, layer.index);
            const std::string trunk = fmt::format("features.{}.", layer.index);
            m_weights.push_back(weights.read({own + "weight", trunk + "weight"},
                {layer.outputs, layer.inputs, layer.kernel, layer.kernel}));
            m_biases.push_back(weights.read({own + "bias", trunk + "bias"}, {layer.outputs}));
            if (layer.tap) {
                const std::size_t tap = m_linear.size();
                m_linear.push_back(weights.read(
                    {fmt::format("lin{}.model.1.weight", tap), fmt::format("lins.{}.model.1.weight", tap)},
                    {1, layer.outputs, 1, 1}));
            }
        }
        m_info = {"lpips", "LPIPS", "",
            vgg ? "How far apart a VGG-16 trained on people's judgements finds the pictures (Zhang et al. "
                  "2018, version 0.1); 0: equal"
                : "How far apart an AlexNet trained on people's judgements finds the pictures (Zhang et al. "
                  "2018, version 0.1); 0: equal",
            Better::Lower, 4, false};
    }

    const MetricInfo& info() const override { return m_info; }

    Measurement measure(const Picture& reference, const Picture& test, bool) const override
    {
        const c10::InferenceMode noGradients;
        at::Tensor a = networkInput(reference), b = networkInput(test);
        double sum = 0;
        std::size_t tap = 0;
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            const ConvLayer& layer = m_layers[i];
            if (!fits(layer, a.size(2)) || !fits(layer, a.size(3)))
                return {}; // too small for the network
            a = forward(i, a);
            b = forward(i, b);
            if (layer.tap)
                sum += at::conv2d((unit(a) - unit(b)).square_(), m_linear[tap++]).mean().item<double>();
        }
        return {sum, {}};
    }

private:
    /// Whether a side of so many pixels leaves the layer something to compute.
    static bool fits(const ConvLayer& layer, std::int64_t side)
    {
        const std::int64_t pooled = layer.pool > 0 ? (side - layer.pool) / 2 + 1 : side;
        return side >= layer.pool && pooled + 2 * layer.padding >= layer.kernel;
    }

    at::Tensor forward(std::size_t i, at::Tensor x) const
    {
        const ConvLayer& layer = m_layers[i];
        if (layer.pool > 0)
            x = at::max_pool2d(x, {layer.pool, layer.pool}, {2, 2});
        return at::conv2d(x, m_weights[i], m_biases[i], layer.stride, layer.padding).relu_();
    }

    static at::Tensor unit(const at::Tensor& features)
    {
        return features / (features.square().sum(1, true).sqrt_() + kTinyNorm);
    }

    std::span<const ConvLayer> m_layers;
    std::vector<at::Tensor> m_weights, m_biases; ///< one for each layer
    std::vector<at::Tensor> m_linear; ///< one for each tap
    MetricInfo m_info;
};

} // namespace

Result<std::unique_ptr<const Metric>> openLpips(std::span<const std::shared_ptr<const TensorSource>> weights)
{
    return guarded([&]() -> std::unique_ptr<const Metric> { return std::make_unique<const Lpips>(weights); });
}

} // namespace mantissa
