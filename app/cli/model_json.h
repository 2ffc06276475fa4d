// SPDX-License-Identifier: GPL-3.0-or-later
// Models and plans as the JSON that the verbs print.
#pragma once

#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace mantissa::cli {

nlohmann::ordered_json architectureJson(const Architecture& architecture);
nlohmann::ordered_json layerJson(const Layer& layer);
/// Dtype names to the number of tensors that have them.
nlohmann::ordered_json dtypeCounts(const Model& model);
/// "640 × 2048".
std::string shapeText(const Shape& shape);
std::string hyperText(const HyperValue& value);
/// "1,234,567".
std::string grouped(std::uint64_t number);

} // namespace mantissa::cli
