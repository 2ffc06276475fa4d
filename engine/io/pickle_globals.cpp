// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/pickle_globals.h"

#include <algorithm>
#include <array>

namespace mantissa {
namespace {

using enum GlobalRole;

// Storage and dtype names: torch 2.15, torch/storage.py and torch/_utils.py.
constexpr std::array kRules{
    GlobalRule{"collections.OrderedDict", Dict, {}},
    GlobalRule{"collections.Counter", Dict, {}},
    GlobalRule{"collections.defaultdict", DefaultDict, {}},
    GlobalRule{"builtins.dict", Dict, {}},
    GlobalRule{"builtins.list", Sequence, {}},
    GlobalRule{"builtins.tuple", Sequence, {}},
    GlobalRule{"builtins.set", Sequence, {}},
    GlobalRule{"builtins.frozenset", Sequence, {}},
    GlobalRule{"builtins.bytearray", Opaque, {}},
    GlobalRule{"builtins.complex", Opaque, {}},
    GlobalRule{"builtins.int", Opaque, {}},
    GlobalRule{"builtins.float", Opaque, {}},
    GlobalRule{"builtins.bool", Opaque, {}},
    GlobalRule{"builtins.str", Opaque, {}},
    GlobalRule{"builtins.bytes", Opaque, {}},
    GlobalRule{"_codecs.encode", Opaque, {}}, // how protocol 2 writes bytes
    GlobalRule{"torch.Size", Sequence, {}},
    GlobalRule{"torch.device", Opaque, {}},
    GlobalRule{"torch.serialization._get_layout", Opaque, {}},
    GlobalRule{"torch.Tensor", TensorType, {}},
    GlobalRule{"torch.nn.parameter.Parameter", TensorType, {}},
    GlobalRule{"torch.nn.parameter.Buffer", TensorType, {}},
    GlobalRule{"torch._utils._rebuild_tensor", RebuildTensor, {}},
    GlobalRule{"torch._utils._rebuild_tensor_v2", RebuildTensor, {}},
    GlobalRule{"torch._utils._rebuild_tensor_v3", RebuildTensorV3, {}},
    GlobalRule{"torch._utils._rebuild_parameter", RebuildParameter, {}},
    GlobalRule{"torch._utils._rebuild_parameter_with_state", RebuildParameter, {}},
    GlobalRule{"torch._tensor._rebuild_from_type_v2", RebuildFromType, {}},

    GlobalRule{"torch.storage.UntypedStorage", StorageType, {}},
    GlobalRule{"torch.UntypedStorage", StorageType, {}},
    GlobalRule{"torch.FloatStorage", StorageType, DType::F32},
    GlobalRule{"torch.DoubleStorage", StorageType, DType::F64},
    GlobalRule{"torch.HalfStorage", StorageType, DType::F16},
    GlobalRule{"torch.BFloat16Storage", StorageType, DType::BF16},
    GlobalRule{"torch.ByteStorage", StorageType, DType::U8},
    GlobalRule{"torch.CharStorage", StorageType, DType::I8},
    GlobalRule{"torch.ShortStorage", StorageType, DType::I16},
    GlobalRule{"torch.IntStorage", StorageType, DType::I32},
    GlobalRule{"torch.LongStorage", StorageType, DType::I64},
    GlobalRule{"torch.BoolStorage", StorageType, DType::Bool},
    GlobalRule{"torch.ComplexFloatStorage", StorageType, DType::C64},

    GlobalRule{"torch.float32", DTypeValue, DType::F32},
    GlobalRule{"torch.float64", DTypeValue, DType::F64},
    GlobalRule{"torch.float16", DTypeValue, DType::F16},
    GlobalRule{"torch.bfloat16", DTypeValue, DType::BF16},
    GlobalRule{"torch.float8_e4m3fn", DTypeValue, DType::F8E4M3},
    GlobalRule{"torch.float8_e5m2", DTypeValue, DType::F8E5M2},
    GlobalRule{"torch.float8_e8m0fnu", DTypeValue, DType::F8E8M0},
    GlobalRule{"torch.float4_e2m1fn_x2", DTypeValue, DType::F4},
    GlobalRule{"torch.uint8", DTypeValue, DType::U8},
    GlobalRule{"torch.int8", DTypeValue, DType::I8},
    GlobalRule{"torch.uint16", DTypeValue, DType::U16},
    GlobalRule{"torch.int16", DTypeValue, DType::I16},
    GlobalRule{"torch.uint32", DTypeValue, DType::U32},
    GlobalRule{"torch.int32", DTypeValue, DType::I32},
    GlobalRule{"torch.uint64", DTypeValue, DType::U64},
    GlobalRule{"torch.int64", DTypeValue, DType::I64},
    GlobalRule{"torch.bool", DTypeValue, DType::Bool},
    GlobalRule{"torch.complex64", DTypeValue, DType::C64},

    // Values beside the weights that say nothing about them; the user is told.
    GlobalRule{"numpy.core.multiarray.scalar", Ignored, {}},
    GlobalRule{"numpy._core.multiarray.scalar", Ignored, {}},
    GlobalRule{"numpy.core.multiarray._reconstruct", Ignored, {}},
    GlobalRule{"numpy._core.multiarray._reconstruct", Ignored, {}},
    GlobalRule{"numpy.dtype", Ignored, {}},
    GlobalRule{"numpy.ndarray", Ignored, {}},
    GlobalRule{"pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint", Ignored, {}},
    GlobalRule{"pytorch_lightning.callbacks.early_stopping.EarlyStopping", Ignored, {}},
    GlobalRule{"lightning.pytorch.callbacks.model_checkpoint.ModelCheckpoint", Ignored, {}},
    GlobalRule{"lightning.pytorch.callbacks.early_stopping.EarlyStopping", Ignored, {}},

    GlobalRule{"torch.complex128", NotSupported, {}},
    GlobalRule{"torch.complex32", NotSupported, {}},
    GlobalRule{"torch.float8_e4m3fnuz", NotSupported, {}},
    GlobalRule{"torch.float8_e5m2fnuz", NotSupported, {}},
    GlobalRule{"torch.ComplexDoubleStorage", NotSupported, {}},
    GlobalRule{"torch.QInt8Storage", NotSupported, {}},
    GlobalRule{"torch.QUInt8Storage", NotSupported, {}},
    GlobalRule{"torch.QInt32Storage", NotSupported, {}},
    GlobalRule{"torch.QUInt4x2Storage", NotSupported, {}},
    GlobalRule{"torch.QUInt2x4Storage", NotSupported, {}},
    GlobalRule{"torch._utils._rebuild_qtensor", NotSupported, {}},
    GlobalRule{"torch._utils._rebuild_sparse_tensor", NotSupported, {}},
    GlobalRule{"torch._utils._rebuild_sparse_csr_tensor", NotSupported, {}},
    GlobalRule{"torch._utils._rebuild_nested_tensor", NotSupported, {}},
    GlobalRule{"torch._utils._rebuild_meta_tensor_no_storage", NotSupported, {}},
    GlobalRule{"torch._utils._rebuild_device_tensor_from_numpy", NotSupported, {}},
    GlobalRule{"torch._utils._rebuild_wrapper_subclass", NotSupported, {}},
};

} // namespace

GlobalRule ruleFor(std::string_view name) noexcept
{
    // Python 2 spelled the module differently; old files name the device in the storage type.
    constexpr std::string_view kOldBuiltins = "__builtin__.", kBuiltins = "builtins.", kCuda = "torch.cuda.";
    const auto matches = [&](const GlobalRule& rule) {
        if (rule.name == name)
            return true;
        if (name.starts_with(kOldBuiltins))
            return rule.name.starts_with(kBuiltins)
                && rule.name.substr(kBuiltins.size()) == name.substr(kOldBuiltins.size());
        return name.starts_with(kCuda) && rule.role == StorageType && rule.dtype
            && rule.name.substr(std::string_view("torch.").size()) == name.substr(kCuda.size());
    };
    const auto* const found = std::ranges::find_if(kRules, matches);
    return found == kRules.end() ? GlobalRule{} : *found;
}

} // namespace mantissa
