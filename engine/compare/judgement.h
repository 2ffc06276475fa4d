// SPDX-License-Identifier: GPL-3.0-or-later
// What a person says who looked: ratings and notes, of a pair of pictures or of a variant.
#pragma once

#include <string>

namespace mantissa {

inline constexpr int kBestRating = 5;

struct Judgement {
    int rating = 0; ///< 1: useless, kBestRating: as good as the baseline; 0: none given
    bool bad = false; ///< marked as one that must not be shipped
    std::string note;

    bool isEmpty() const { return rating == 0 && !bad && note.empty(); }
    bool operator==(const Judgement&) const = default;
};

} // namespace mantissa
