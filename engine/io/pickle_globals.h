// SPDX-License-Identifier: GPL-3.0-or-later
// The names that a pickle may use, and what this reader makes of each. Everything else is refused by name.
#pragma once

#include "engine/base/dtype.h"

#include <optional>
#include <string>
#include <string_view>

namespace mantissa {

enum class GlobalRole {
    Forbidden, ///< not on the list
    NotSupported, ///< harmless, but stands for data that this program does not read (quantized or sparse
                  ///< tensors)
    Dict, ///< OrderedDict, dict, Counter: makes a map
    DefaultDict, ///< a map whose first argument is a factory
    Sequence, ///< list, tuple, set, torch.Size, …: makes a list of what it is given
    Opaque, ///< a plain value without meaning here (device, layout, bytes)
    Ignored, ///< as Opaque, but the user is told that it was left out (numpy values, trainer classes)
    StorageType, ///< element type of a storage; `dtype` empty: untyped bytes
    DTypeValue, ///< torch.float16 and the like
    TensorType, ///< torch.Tensor, torch.nn.parameter.Parameter: named, never called
    RebuildTensor, ///< (storage, offset, size, stride[, requires_grad, hooks[, metadata]])
    RebuildTensorV3, ///< the same, with the dtype as seventh argument
    RebuildParameter, ///< (tensor, requires_grad, hooks[, state])
    RebuildFromType, ///< (function, type, arguments, state)
};

struct GlobalRule {
    std::string_view name;
    GlobalRole role = GlobalRole::Forbidden;
    std::optional<DType> dtype;
};

/// The rule for "module.name"; Forbidden if there is none.
GlobalRule ruleFor(std::string_view name) noexcept;

} // namespace mantissa
