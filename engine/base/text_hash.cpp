// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/text_hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace mantissa {

std::string hashText(std::string_view text)
{
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

} // namespace mantissa
