// SPDX-License-Identifier: GPL-3.0-or-later
// Measuring pairs and filling in a ComparedVariant; shared by comparisons of models and of folders.
#pragma once

#include "engine/compare/comparison.h"

#include <map>

namespace mantissa {

/// Fills in size and values of the pair, and writes its maps to `maps`/VARIANT where that is not empty. Usage
/// where the pictures differ in size.
Status measurePair(ComparedPair& pair, const Picture& reference, const Picture& test,
    const std::filesystem::path& maps, const std::string& variant);
/// The same for a picture with itself: nothing but its size counts, so that each size is measured once.
class EqualPairs {
public:
    Status measure(ComparedPair& pair, const Picture& picture);

private:
    std::map<std::pair<int, int>, std::vector<std::optional<double>>> m_values;
};
/// Means over the pairs.
void fillInMeans(ComparedVariant& variant);
/// A name as part of a path: letters, digits, '-', '_' and '.'; others become '_'.
std::string pathName(const std::string& name);

} // namespace mantissa
