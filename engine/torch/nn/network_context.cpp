// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/network_context.h"

#include "engine/torch/failure.h"

#include <algorithm>
#include <charconv>

namespace mantissa {

Scope Scope::operator/(std::string_view child) const
{
    return Scope(m_context, full(child));
}

std::string Scope::full(std::string_view tensor) const
{
    return m_path.empty() ? std::string(tensor) : m_path + "." + std::string(tensor);
}

bool Scope::has(std::string_view tensor) const
{
    return m_context->weights.has(full(tensor));
}

const Shape& Scope::shape(std::string_view tensor) const
{
    return m_context->weights.shape(m_context->weights.find(full(tensor)));
}

std::int64_t Scope::dim(std::string_view tensor, std::size_t dimension) const
{
    const Shape& dims = shape(tensor);
    if (dimension >= dims.size())
        raise(ErrorCode::InvalidInput, "{} has {} dimensions; a network of this kind needs more",
            full(tensor), dims.size());
    return dims[dimension];
}

at::Tensor Scope::load(std::string_view tensor) const
{
    return m_context->weights.use(m_context->weights.find(full(tensor)));
}

at::Tensor Scope::loadFloat(std::string_view tensor) const
{
    return m_context->weights.readFloat(m_context->weights.find(full(tensor)));
}

std::int64_t Scope::count(std::string_view list, std::string_view marker) const
{
    std::int64_t n = 0;
    while (has(fmt::format("{}.{}.{}", list, n, marker)))
        ++n;
    return n;
}

bool Scope::hasBelow(std::string_view place) const
{
    const std::string prefix = full(place) + ".";
    const auto& names = m_context->weights.names();
    return std::any_of(
        names.begin(), names.end(), [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

std::int64_t Scope::depth(std::string_view list) const
{
    const std::string prefix = full(list) + ".";
    std::int64_t depth = 0;
    for (const auto& [name, id] : m_context->weights.names()) {
        if (!name.starts_with(prefix))
            continue;
        std::int32_t index = 0;
        const char* end = name.data() + name.size();
        const auto parsed = std::from_chars(name.data() + prefix.size(), end, index);
        if (parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == '.' && index >= 0)
            depth = std::max<std::int64_t>(depth, std::int64_t{index} + 1);
    }
    return depth;
}

void Scope::require(std::initializer_list<std::string_view> tensors) const
{
    for (const std::string_view tensor : tensors)
        m_context->weights.find(full(tensor));
}

bool Scope::tapped() const
{
    return m_context->taps && m_context->taps->wants(m_path);
}

void Scope::tap(const at::Tensor& output) const
{
    if (tapped())
        m_context->taps->take(m_path, {&output, 1});
}

void Scope::tap(std::initializer_list<at::Tensor> outputs) const
{
    if (tapped())
        m_context->taps->take(m_path, {outputs.begin(), outputs.size()});
}

} // namespace mantissa
