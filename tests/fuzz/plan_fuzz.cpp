// SPDX-License-Identifier: GPL-3.0-or-later
// Plans and layer configs come from strangers: any bytes give a plan or an error with a place, and a plan
// that was read is written and read back the same.
#include "engine/plan/plan.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto plan = mantissa::parsePlan({reinterpret_cast<const char*>(data), size});
    if (!plan) {
        if (plan.error().message.empty() || plan.error().code != mantissa::ErrorCode::InvalidInput)
            std::abort();
        return 0;
    }
    const auto again = mantissa::parsePlan(mantissa::toJson(*plan));
    if (!again || !(*again == *plan))
        std::abort();
    return 0;
}
