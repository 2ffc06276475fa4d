// SPDX-License-Identifier: GPL-3.0-or-later
// Where prompts come from, for everything in the window that samples: those that ship, a file, or typed ones.
#pragma once

#include "engine/base/error.h"

#include <QString>

#include <string>
#include <vector>

namespace mantissa::ui {

struct PromptChoice {
    enum class From { Shipped, File, Typed };
    From from = From::Shipped;
    QString file, typed; ///< typed: one prompt a line
};

/// Why there are no prompts, as a sentence; empty if there may be.
QString promptObstacle(const PromptChoice& choice);

using PromptList = std::vector<std::string>;
/// The prompts that a person gave; empty where they take those that ship. InvalidInput where the file or the
/// text holds none. Reads a file, so not for the window's thread.
Result<PromptList> givenPrompts(const PromptChoice& choice);

} // namespace mantissa::ui
