// SPDX-License-Identifier: GPL-3.0-or-later
// The vector kernels, one function per file: each enters its entries of the table, for the target that
// Highway's dispatch has currently chosen. Only dispatch.cpp calls them. For the scalar baseline they change
// nothing.
#pragma once

#include "kernels/kernel_set.h"

namespace mantissa::kernels::cpu {

void addConversions(KernelSet& set);
void addReductions(KernelSet& set);
void addFp8(KernelSet& set);
void addIntegers(KernelSet& set);
void addRotation(KernelSet& set);
void addNvfp4(KernelSet& set);
void addMxfp8(KernelSet& set);
void addGrids(KernelSet& set);

} // namespace mantissa::kernels::cpu
