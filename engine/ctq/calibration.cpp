// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/calibration.h"

#include "engine/ctq/rotation.h"

#include <algorithm>
#include <cassert>

namespace mantissa::ctq {

namespace {
// 3072 samples of 15,360 features, the largest matrix of Flux, are 189 MB.
constexpr std::int64_t kLargestMatrix = std::int64_t{1} << 31; // bytes
constexpr std::size_t kMatricesKept = 2;
} // namespace

void Calibration::see(std::int64_t features)
{
    if (m_before.find(features) != m_before.end())
        return;
    m_before.emplace(features, m_generator);
    m_generator.skipNormal(static_cast<std::size_t>(m_samples * features));
}

Result<std::shared_ptr<const Matrix>> Calibration::inputs(std::int64_t features)
{
    return find({features, 0});
}

Result<std::shared_ptr<const Matrix>> Calibration::rotatedInputs(std::int64_t features, std::int64_t group)
{
    return find({features, group});
}

std::shared_ptr<Matrix> Calibration::draw(std::int64_t features) const
{
    auto matrix = std::make_shared<Matrix>(static_cast<std::size_t>(m_samples * features));
    const auto before = m_before.find(features);
    assert(before != m_before.end());
    TorchGenerator generator = before->second;
    generator.fillNormal(*matrix);
    return matrix;
}

Result<std::shared_ptr<const Matrix>> Calibration::find(Key key)
{
    if (key.features > kLargestMatrix / static_cast<std::int64_t>(sizeof(float)) / m_samples)
        return tl::unexpected(Error{ErrorCode::Unsupported,
            fmt::format("{} random inputs of {} features are too many for memory", m_samples, key.features),
            {}, "use fewer --calib_samples, or --no-bias-correction"});
    const std::scoped_lock lock(m_mutex);
    const auto at
        = std::find_if(m_kept.begin(), m_kept.end(), [&](const Kept& kept) { return kept.key == key; });
    if (at != m_kept.end()) {
        std::rotate(m_kept.begin(), at, at + 1);
        return m_kept.front().matrix;
    }
    std::shared_ptr<Matrix> matrix = draw(key.features);
    if (key.group != 0) {
        Matrix rotated(matrix->size());
        rotateGroups(*matrix, static_cast<std::size_t>(key.group), rotated);
        *matrix = std::move(rotated);
    }
    m_kept.insert(m_kept.begin(), {key, matrix});
    if (m_kept.size() > kMatricesKept)
        m_kept.pop_back();
    return m_kept.front().matrix;
}

} // namespace mantissa::ctq
