// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that a pipeline needs, found in the model and in the files given beside it, and opened when first
// used.
#pragma once

#include "engine/torch/models/network.h"

#include "engine/model/model.h"

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace mantissa {

class ComponentSet {
public:
    struct Place {
        std::shared_ptr<const Model> model;
        std::size_t component = 0;
    };

    /// `options` go to every network; `replace` of them to the first model only.
    ComponentSet(std::vector<std::shared_ptr<const Model>> models, WeightOptions options);

    /// The first component with one of these ids; null where none of the files has one.
    const Place* find(std::initializer_list<std::string_view> ids);
    /// The first component of this role.
    const Place* findRole(std::string_view role);
    /// The network of a component, opened once. Raises Unsupported where `place` is null: `what` is missing.
    Network& open(const Place* place, std::string_view what);
    /// Where memory is limited: gives back the weights of all networks but that of `place`.
    void keepOnly(const Place* place);

private:
    std::vector<std::shared_ptr<const Model>> m_models;
    std::vector<Place> m_places;
    std::map<const Place*, Network> m_open;
    WeightOptions m_options;
};

} // namespace mantissa
