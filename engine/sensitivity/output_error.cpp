// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/output_error.h"

#include <algorithm>

namespace mantissa {

namespace {

/// Rows that are multiplied at once: each column of the inputs is then loaded for this many.
constexpr std::size_t kRowsAtOnce = 4;

/// out[r, t] = Σ_n rows[r, n] · columns[n, t]. Sums run over n in order, so nothing depends on the blocking.
void multiply(const float* rows, std::size_t count, std::size_t channels, const float* columns,
    std::size_t width, float* out)
{
    std::fill_n(out, count * width, 0.0F);
    for (std::size_t n = 0; n < channels; ++n) {
        const float* const column = columns + n * width;
        for (std::size_t r = 0; r < count; ++r) {
            const float w = rows[r * channels + n];
            float* const sums = out + r * width;
            for (std::size_t t = 0; t < width; ++t)
                sums[t] += w * column[t];
        }
    }
}

} // namespace

LayerInputs LayerInputs::fromMoments(std::vector<float> moments, std::size_t channels)
{
    LayerInputs inputs;
    inputs.m_evidence = InputEvidence::Moments;
    inputs.m_channels = inputs.m_width = channels;
    inputs.m_columns = std::move(moments);
    return inputs;
}

LayerInputs LayerInputs::fromTokens(std::span<const float> tokens, std::size_t channels)
{
    LayerInputs inputs;
    inputs.m_evidence = InputEvidence::HeldOut;
    inputs.m_channels = channels;
    inputs.m_width = tokens.size() / std::max<std::size_t>(1, channels);
    inputs.m_columns.resize(tokens.size());
    for (std::size_t t = 0; t < inputs.m_width; ++t)
        for (std::size_t n = 0; n < channels; ++n)
            inputs.m_columns[n * inputs.m_width + t] = tokens[t * channels + n];
    return inputs;
}

Result<LayerInputs> LayerInputs::read(const StatisticsFile& statistics, std::string_view layer)
{
    const auto at = statistics.layers().find(layer);
    if (at == statistics.layers().end())
        return LayerInputs();
    const auto input = statistics.input(at->second);
    if (!input)
        return tl::unexpected(input.error());
    const std::size_t channels = input->channels, tokens = input->heldOut.count();
    if (input->hasMoment && input->momentTokens > 0 && (channels <= tokens || tokens == 0)) {
        std::vector<float> moments(channels * channels);
        if (Status status = statistics.momentRows(at->second, 0, moments); !status)
            return forward(std::move(status));
        return fromMoments(std::move(moments), channels);
    }
    return tokens > 0 ? fromTokens(input->heldOut.rows(), channels) : LayerInputs();
}

double LayerInputs::energy(std::span<const float> rows) const
{
    std::vector<float> products(kRowsAtOnce * m_width);
    const std::size_t count = rows.size() / std::max<std::size_t>(1, m_channels);
    double sum = 0;
    for (std::size_t first = 0; first < count; first += kRowsAtOnce) {
        const std::size_t some = std::min(kRowsAtOnce, count - first);
        const float* const block = rows.data() + first * m_channels;
        multiply(block, some, m_channels, m_columns.data(), m_width, products.data());
        for (std::size_t i = 0; i < some * m_width; ++i) // with H, a product lies where its weight does
            sum += static_cast<double>(products[i])
                * static_cast<double>(m_evidence == InputEvidence::Moments ? block[i] : products[i]);
    }
    return sum;
}

} // namespace mantissa
