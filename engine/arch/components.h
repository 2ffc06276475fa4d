// SPDX-License-Identifier: GPL-3.0-or-later
// Which part of a file is which network (spec/architectures 2).
#pragma once

#include "engine/arch/identify.h"
#include "engine/model/model.h"

namespace mantissa::arch {

struct Part {
    std::string role, prefix;
    Found found; ///< without a rule where nothing fits
    const ArchitectureRule* rule
        = nullptr; ///< found.rule, else the general one for unknown networks; null: not a network
};

/// Parts by prefix. The first is the main network; the last, with an empty prefix unless the main network has
/// it, takes what is left over ("other").
std::vector<Part> findParts(const Identifier& identifier, const Registry& rules, Found main);
/// What is below one prefix of the table; where the widths are nobody's, the table says what it must be.
Found identifyPart(
    const Identifier& identifier, const Registry& rules, const PrefixRule& place, std::string_view prefix);
/// "diffusion_model", "vae", "text_encoder", … of an architecture's kind.
std::string roleOf(const ArchitectureRule& rule);
/// Index of the part with the longest prefix that the name starts with.
std::uint32_t partOf(std::string_view name, const std::vector<Part>& parts);

} // namespace mantissa::arch
