// SPDX-License-Identifier: GPL-3.0-or-later
// The prompts that a comparison takes where nobody names any.
#pragma once

#include "engine/base/error.h"
#include "engine/model/model.h"

#include <string>
#include <vector>

namespace mantissa {

/// How many of the shipped prompts are a comparison's usual number.
inline constexpr std::size_t kUsualPrompts = 4;

/// The sample's own for the sample and what was made of it, else the general list. System where they are
/// missing.
Result<std::vector<std::string>> shippedPrompts(const Model& model);

} // namespace mantissa
