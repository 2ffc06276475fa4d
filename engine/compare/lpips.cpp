// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/lpips.h"

#include "engine/io/tensor_source.h"
#include "engine/torch/loader.h"

namespace mantissa {

Result<std::unique_ptr<const Metric>> readLpips(std::span<const std::filesystem::path> weights)
{
    std::vector<std::shared_ptr<const TensorSource>> sources;
    for (const std::filesystem::path& path : weights) {
        auto source = openCheckpoint(path);
        if (!source)
            return forward(std::move(source));
        sources.push_back(std::move(*source));
    }
    const auto torch = loadTorch();
    if (!torch)
        return tl::unexpected(torch.error());
    return (*torch)->openLpips(sources);
}

Status useLpips(std::span<const std::filesystem::path> weights)
{
    if (findMetric("lpips") != nullptr)
        return fail(ErrorCode::Usage, "the weights of LPIPS were named before");
    auto metric = readLpips(weights);
    if (!metric)
        return forward(std::move(metric));
    addMetric(std::move(*metric));
    return {};
}

} // namespace mantissa
