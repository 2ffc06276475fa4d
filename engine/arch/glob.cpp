// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/glob.h"

namespace mantissa::arch {

bool matchesGlob(std::string_view glob, std::string_view text) noexcept
{
    const std::size_t first = glob.find('*');
    if (first == std::string_view::npos)
        return glob == text;
    if (!text.starts_with(glob.substr(0, first)))
        return false;
    std::size_t at = first;
    for (std::size_t star = first;;) {
        const std::size_t next = glob.find('*', star + 1);
        const std::string_view piece
            = glob.substr(star + 1, next == std::string_view::npos ? next : next - star - 1);
        if (next == std::string_view::npos)
            return text.size() >= at + piece.size() && text.ends_with(piece);
        at = text.find(piece, at);
        if (at == std::string_view::npos)
            return false;
        at += piece.size();
        star = next;
    }
}

} // namespace mantissa::arch
