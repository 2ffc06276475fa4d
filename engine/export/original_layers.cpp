// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/original_layers.h"

namespace mantissa {

OriginalLayers::OriginalLayers(const Model* original, const Model& model)
{
    if (original == nullptr)
        return;
    for (const Layer& layer : original->layers)
        m_byName.emplace(layer.name, &layer);
    if (original->architecture.prefix != model.architecture.prefix) {
        m_added = original->architecture.prefix;
        m_removed = model.architecture.prefix;
    }
}

const Layer* OriginalLayers::find(const std::string& name) const
{
    auto found = m_byName.find(name);
    if (found == m_byName.end() && name.starts_with(m_removed))
        found = m_byName.find(m_added + name.substr(m_removed.size()));
    return found == m_byName.end() ? nullptr : found->second;
}

} // namespace mantissa
