// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

namespace mantissa::kernels::reference {

namespace {

/// One factor H4 of the Kronecker product: acts on the quadruples whose members are `stride` apart.
void rotateStage(float* values, std::size_t group, std::size_t stride) noexcept
{
    for (std::size_t base = 0; base < group; base += 4 * stride) {
        for (std::size_t i = base; i < base + stride; ++i) {
            float* const v = values + i;
            const float sumAB = v[0] + v[stride], differenceAB = v[0] - v[stride];
            const float sumCD = v[2 * stride] + v[3 * stride];
            const float differenceCD = v[2 * stride] - v[3 * stride];
            v[0] = sumAB + differenceCD;
            v[stride] = sumAB - differenceCD;
            v[2 * stride] = differenceAB + sumCD;
            v[3 * stride] = sumCD - differenceAB;
        }
    }
}

} // namespace

void rotate(float* values, std::size_t n, std::size_t group, Precision precision) noexcept
{
    const float norm = 1.0f / std::sqrt(static_cast<float>(group)); // a power of two
    for (std::size_t i = 0; i < n; ++i)
        values[i] *= norm;
    for (std::size_t begin = 0; begin < n; begin += group)
        for (std::size_t stride = 1; stride < group; stride *= 4)
            rotateStage(values + begin, group, stride);
    for (std::size_t i = 0; i < n; ++i)
        values[i] = round(precision, values[i]);
}

} // namespace mantissa::kernels::reference
