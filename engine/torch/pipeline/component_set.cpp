// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/component_set.h"

#include "engine/torch/failure.h"

#include <algorithm>

namespace mantissa {

ComponentSet::ComponentSet(std::vector<std::shared_ptr<const Model>> models, WeightOptions options)
    : m_models(std::move(models))
    , m_options(std::move(options))
{
    for (const auto& model : m_models) {
        for (std::size_t i = 0; i < model->components.size(); ++i)
            m_places.push_back({model, i});
    }
}

const ComponentSet::Place* ComponentSet::find(std::initializer_list<std::string_view> ids)
{
    const auto it = std::find_if(m_places.begin(), m_places.end(), [&](const Place& place) {
        return std::find(ids.begin(), ids.end(), place.model->components[place.component].id) != ids.end();
    });
    return it == m_places.end() ? nullptr : &*it;
}

const ComponentSet::Place* ComponentSet::findRole(std::string_view role)
{
    const auto it = std::find_if(m_places.begin(), m_places.end(),
        [&](const Place& place) { return place.model->components[place.component].role == role; });
    return it == m_places.end() ? nullptr : &*it;
}

Network& ComponentSet::open(const Place* place, std::string_view what)
{
    if (place == nullptr)
        throw Failure(Error{ErrorCode::Unsupported, sentence("the file has no {}", what),
            m_models.front()->source->info().path.string(),
            sentence("name a file that has a {} with --with", what)});
    const auto it = m_open.find(place);
    if (it != m_open.end())
        return it->second;
    WeightOptions options = m_options;
    if (place->model != m_models.front())
        options.replace = nullptr;
    return m_open.emplace(place, openNetwork(place->model, place->component, std::move(options)))
        .first->second;
}

void ComponentSet::keepOnly(const Place* place)
{
    if (m_options.memoryLimit == WeightOptions().memoryLimit)
        return;
    for (auto& [other, network] : m_open) {
        if (other != place)
            network.context->weights.release();
    }
}

} // namespace mantissa
