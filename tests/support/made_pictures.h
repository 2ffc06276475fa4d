// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that a program draws, in integers only, so that they are the same wherever the tests run.
#pragma once

#include "engine/image/picture.h"

#include <string>
#include <vector>

namespace mantissa::test {

/// Sky, hills, a striped disc and film grain; `seed` moves them.
Picture madePicture(int width, int height, unsigned seed);

/// "noise": a few levels; "shift": a pixel to the right; "blur": 3 × 3 mean; "colour": channels scaled;
/// "coarse": 4 bits a channel, "other": another picture.
Picture distorted(const Picture& picture, const std::string& how, unsigned seed);

struct MadePair {
    std::string name; ///< "640x361-noise"
    Picture reference, test;
};
/// Pairs of many sizes, odd ones and tiny ones among them; references.json has the values of each.
std::vector<MadePair> madePairs();

} // namespace mantissa::test
