// SPDX-License-Identifier: GPL-3.0-or-later
// How large a user wants a file to be, or how much error to accept.
#pragma once

#include "engine/base/error.h"

#include <cstdint>
#include <string>

namespace mantissa {

struct BudgetTarget {
    enum class Unit {
        Bytes, ///< of the whole file
        Percent, ///< of the checkpoint's files
        BitsPerWeight, ///< on average over the layers that may be quantized, their scales and biases included
        GpuMemory, ///< bytes of a GPU that the model shall run on (engine/compat/vram.h), whose file is the
                   ///< largest
        Error, ///< the smallest file of at most this relative error in percent (relativeError())
    };
    Unit unit = Unit::Bytes;
    double value = 0;

    bool operator==(const BudgetTarget&) const = default;
};

/// "6GB", "850MiB", "60%", "4.5bpw", "8GB GPU", "0.5% error", "40dB". Blanks do not count. Usage, in a
/// sentence, for anything else.
Result<BudgetTarget> parseBudgetTarget(const std::string& text);
/// "6.00 GB", "60 %", "4.5 bits a weight", "at most 0.5 % error".
std::string describe(const BudgetTarget& target);

} // namespace mantissa
