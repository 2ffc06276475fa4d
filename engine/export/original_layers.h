// SPDX-License-Identifier: GPL-3.0-or-later
// Finds a model's layers in another file of the same network.
#pragma once

#include "engine/model/model.h"

#include <map>
#include <string>

namespace mantissa {

/// The layer in the other file: of the same name, or where one of them left the network's prefix away, of the
/// same name after it. Both models must outlive it.
class OriginalLayers {
public:
    /// `original` null: none is found.
    OriginalLayers(const Model* original, const Model& model);
    const Layer* find(const std::string& name) const;

private:
    std::map<std::string, const Layer*> m_byName;
    std::string m_added, m_removed;
};

} // namespace mantissa
