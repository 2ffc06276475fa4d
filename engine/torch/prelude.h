// SPDX-License-Identifier: GPL-3.0-or-later
// The one header through which engine/torch sees libtorch; precompiled, because it costs 20 seconds and a
// gigabyte each time it is read. ATen only: no autograd, no torch::nn.
#pragma once

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>
