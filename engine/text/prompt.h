// SPDX-License-Identifier: GPL-3.0-or-later
// The prompt syntax of ComfyUI: (words) weigh 1.1 times as much, (words:1.3) weigh 1.3, nested ones multiply,
// \( and \) are plain. Square brackets are plain text, as they are there.
#pragma once

#include "engine/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct WeightedText {
    std::string text;
    double weight = 1;

    bool operator==(const WeightedText&) const = default;
};

/// In the order of the prompt. A number after a colon is the weight itself, whatever surrounds it; an
/// unmatched parenthesis is plain text or ends at the prompt's end, as in ComfyUI. Usage if parentheses nest
/// too deep.
Result<std::vector<WeightedText>> parsePrompt(std::string_view prompt);

} // namespace mantissa
