// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/shared_inputs.h"

#include "engine/torch/loader.h"

#include <algorithm>

namespace mantissa {

namespace {

/// `light` looks at channels by themselves.
MomentDetail detailOf(RecipeLevel level)
{
    return level == RecipeLevel::Light ? MomentDetail::Diagonal : MomentDetail::Matrix;
}

/// Of H and of the factor's two matrices.
std::uint64_t bytesOf(const LayerInput& input)
{
    return (3 * input.known.hessian.size() + input.known.heldOut.size()) * sizeof(float);
}

} // namespace

SharedInputs::SharedInputs(
    std::shared_ptr<const StatisticsFile> statistics, RecipeLevel level, std::uint64_t memory)
    : m_statistics(std::move(statistics))
    , m_detail(detailOf(level))
    , m_memory(memory)
{ }

SharedInputs::~SharedInputs() = default;

Result<std::shared_ptr<const LayerInput>> SharedInputs::of(std::string_view layer)
{
    const std::lock_guard lock(m_mutex);
    const auto place = m_statistics->layers().find(layer);
    if (place != m_statistics->layers().end()) {
        const auto kept = std::find_if(
            m_kept.begin(), m_kept.end(), [&](const Kept& entry) { return entry.index == place->second; });
        if (kept != m_kept.end()) {
            std::shared_ptr<const LayerInput> input = kept->input;
            if (--kept->left == 0) {
                m_bytes -= kept->bytes;
                m_kept.erase(kept);
            } else {
                m_kept.splice(m_kept.begin(), m_kept, kept);
            }
            return input;
        }
    }
    auto known = m_statistics->layer(layer, m_detail);
    if (!known)
        return forward(std::move(known));
    auto input = std::make_shared<LayerInput>();
    input->known = std::move(*known);
    const std::size_t layers = m_statistics->layersWithInputOf(layer).size();
    const std::uint64_t bytes = bytesOf(*input);
    if (layers < 2 || bytes > m_memory)
        return input;
    if (!input->known.hessian.empty()) {
        const auto torch = loadTorch();
        if (!torch)
            return tl::unexpected(torch.error());
        input->factor = (*torch)->makeSharedHessian();
    }
    while (m_bytes + bytes > m_memory) {
        m_bytes -= m_kept.back().bytes;
        m_kept.pop_back();
    }
    m_bytes += bytes;
    m_kept.push_front({place->second, layers - 1, bytes, input});
    return input;
}

} // namespace mantissa
