// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/tensor_source.h"

namespace mantissa {

void TensorSource::setTensors(std::vector<TensorInfo> tensors)
{
    m_tensors = std::move(tensors);
    m_byName.clear();
    for (std::size_t i = 0; i < m_tensors.size(); ++i)
        m_byName.emplace(m_tensors[i].name, i);
}

Status TensorSource::checkRange(std::size_t tensor, std::uint64_t offset, std::uint64_t size) const
{
    if (tensor >= m_tensors.size() || offset > m_tensors[tensor].bytes
        || size > m_tensors[tensor].bytes - offset)
        return fail(ErrorCode::Internal, "a read beyond the end of a tensor was asked for");
    return {};
}

std::ptrdiff_t TensorSource::find(std::string_view name) const
{
    const auto it = m_byName.find(name);
    return it == m_byName.end() ? -1 : static_cast<std::ptrdiff_t>(it->second);
}

std::uint64_t TensorSource::totalBytes() const
{
    std::uint64_t total = 0;
    for (const TensorInfo& tensor : m_tensors)
        total += tensor.storedBytes();
    return total;
}

} // namespace mantissa
