// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/shortage.h"
#include "engine/torch/failure.h"

#include <catch2/catch.hpp>
#include <new>
#include <stdexcept>
#include <system_error>

using namespace mantissa;

namespace {

template <typename Exception> Error caught(const Exception& exception)
{
    try {
        throw exception;
    } catch (...) {
        return errorOfException("layer");
    }
}

} // namespace

TEST_CASE("What ran out is known from the error, whoever made it")
{
    CHECK(shortageOf(outOfMemory("there is not enough memory for this")) == Shortage::Memory);
    CHECK(shortageOf({ErrorCode::System, "written in part", "/x", std::string(kDiskHint)}) == Shortage::Disk);
    CHECK(shortageOf({ErrorCode::Unsupported, std::string(kNoDevice), "cuda", {}}) == Shortage::Device);
    CHECK(shortageOf({ErrorCode::Internal, "libtorch: CUDA error: unspecified launch failure", {}, {}})
        == Shortage::Device);
    CHECK_FALSE(shortageOf({ErrorCode::System, "the file does not exist", "/x", "look for it"}).has_value());
    CHECK_FALSE(shortageOf({ErrorCode::Usage, "no", {}, std::string(kMemoryHint)}).has_value());
}

TEST_CASE("Only exceptions that mean a shortage become one")
{
    const Error memory = caught(std::bad_alloc());
    CHECK(shortageOf(memory) == Shortage::Memory);
    CHECK(memory.where == "layer");
    CHECK(shortageOf(caught(std::system_error(EAGAIN, std::generic_category()))) == Shortage::Memory);
    const Error odd = caught(std::runtime_error("odd"));
    CHECK(odd.code == ErrorCode::Internal);
    CHECK(odd.message.find("odd") != std::string::npos);
    CHECK_FALSE(shortageOf(odd).has_value());
    CHECK_FALSE(shortageOf(caught(std::system_error(ENOENT, std::generic_category()))).has_value());
}

TEST_CASE("What libtorch runs out of is a shortage, too")
{
    const auto memory = guarded([]() -> Result<int> { throw std::bad_alloc(); });
    REQUIRE_FALSE(memory.has_value());
    CHECK(shortageOf(memory.error()) == Shortage::Memory);
    const auto gpu
        = guarded([]() -> Result<int> { throw std::runtime_error("CUDA out of memory. Tried to"); });
    REQUIRE_FALSE(gpu.has_value());
    CHECK(shortageOf(gpu.error()) == Shortage::Memory);
    const auto lost = guarded(
        []() -> Result<int> { throw std::runtime_error("CUDA error: unspecified launch failure\nx"); });
    REQUIRE_FALSE(lost.has_value());
    CHECK(shortageOf(lost.error()) == Shortage::Device);
}
