// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tensor_values.h"

#include "engine/export/cast.h"

#include <catch2/catch.hpp>

namespace mantissa::test {

namespace {

std::size_t indexOf(const TensorSource& source, const std::string& name)
{
    const std::ptrdiff_t index = source.find(name);
    REQUIRE(index >= 0);
    return static_cast<std::size_t>(index);
}

} // namespace

const TensorInfo& infoOf(const TensorSource& source, const std::string& name)
{
    return source.tensors()[indexOf(source, name)];
}

std::vector<float> floatsOf(const TensorSource& source, const std::string& name)
{
    const TensorInfo& info = infoOf(source, name);
    std::vector<std::byte> raw(info.bytes);
    REQUIRE(source.read(indexOf(source, name), 0, raw));
    std::vector<float> values(static_cast<std::size_t>(elementCount(info.shape).value_or(0)));
    REQUIRE(toFloats(info.dtype, raw, values));
    return values;
}

} // namespace mantissa::test
