// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the named tensors in the value of a checkpoint's pickle.
#pragma once

#include "engine/io/pickle_machine.h"

#include <string>
#include <vector>

namespace mantissa {

struct NamedTensor {
    std::string name; ///< keys of nested maps joined with '.'
    PickleRef ref = 0;
};

struct NamedTensors {
    std::vector<NamedTensor> tensors; ///< in the order of the map; no name twice
    std::vector<Sentence> warnings; ///< what was left out
};

/// Descends into the first of state_dict, model_state_dict, model, module, ema, params_ema and params that is
/// a map of tensors, again and again; then takes the tensors of that map and of the maps in it. Everything
/// else is left out and listed. InvalidInput if there is no tensor with a name, or a name no other format
/// could hold.
Result<NamedTensors> findTensors(PickleMachine& machine, PickleRef root, const std::string& file);

} // namespace mantissa
