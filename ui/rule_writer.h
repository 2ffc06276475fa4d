// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the shortest rule that says "these layers and no others", so that a plan edited in the tree stays as
// readable as one that was written by hand.
#pragma once

#include "engine/plan/plan.h"
#include "ui/models/layer_tree.h"

#include <optional>
#include <string>
#include <vector>

namespace mantissa::ui {

/// Origin of rules that the window writes.
inline constexpr std::string_view kUserOrigin = "user";

/// A pattern that fits exactly the layers `wanted` among those that a format could store, in the components
/// that the plan quantizes; nothing where no short one does, or for less than two layers.
std::optional<std::string> shortestPattern(
    const QuantPlan& plan, const Model& model, const LayerTree& tree, const std::vector<std::size_t>& wanted);

/// The layers that a rule decides about, as far as formats can store them; nothing for a pattern that is
/// none.
std::optional<std::vector<std::size_t>> layersOf(
    const QuantPlan& plan, const Model& model, const std::string& pattern);

/// Makes `choice` the user's wish for these layers: one rule where there is a short one, else overrides.
/// Wishes of the user that this one covers are taken out. Returns whether it became a rule.
bool writeChoice(QuantPlan& plan, const Model& model, const LayerTree& tree,
    const std::vector<std::size_t>& wanted, const Choice& choice);
/// Takes out the user's overrides and rules about these layers. Returns the layers that are free again;
/// `left` counts those that rules about more than these layers still decide about.
std::size_t eraseChoices(
    QuantPlan& plan, const Model& model, const std::vector<std::size_t>& layers, std::size_t& left);

bool isOfUser(const Rule& rule);

} // namespace mantissa::ui
