// SPDX-License-Identifier: GPL-3.0-or-later
// What a checkpoint holds under a name. A name that is missing ends the test case.
#pragma once

#include "engine/io/tensor_source.h"

#include <string>
#include <vector>

namespace mantissa::test {

const TensorInfo& infoOf(const TensorSource& source, const std::string& name);
/// All values of a tensor of any type of numbers.
std::vector<float> floatsOf(const TensorSource& source, const std::string& name);

} // namespace mantissa::test
