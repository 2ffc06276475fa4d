# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the files of this folder with the peers' own writers: python make.py (torch 2.15, safetensors 0.8)."""
import collections
import pathlib

import numpy
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def dtypes() -> None:
    names = """bool uint8 int8 float8_e5m2 float8_e4m3fn float8_e8m0fnu int16 uint16 float16 bfloat16 int32 uint32
        float32 complex64 float64 int64 uint64""".split()
    tensors = {f"{len(names) - i:02d}.{n}": torch.arange(1, 5).to(getattr(torch, n)) for i, n in enumerate(names)}
    tensors["00.float4"] = torch.arange(4, dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
    save_file(tensors, HERE / "dtypes.safetensors", {"format": "pt"})



class Trap:
    """Unpickling one of these with Python runs a command."""

    def __reduce__(self):
        import os

        return os.system, ("echo this must never be printed",)


def torch_files() -> None:
    torch.manual_seed(1)
    base = torch.randn(6, 8)
    many = torch.randn(3, 5, 4)
    state = collections.OrderedDict()
    state["plain"] = base
    state["transposed"] = base.t()
    state["slice"] = base[1:5:2, 2:7:3]
    state["permuted"] = many.permute(2, 0, 1)
    state["expanded"] = torch.arange(3.0).unsqueeze(1).expand(3, 4)
    state["scalar"] = torch.tensor(7.5, dtype=torch.float64)
    state["empty"] = torch.zeros(0, 3)
    state["parameter"] = torch.nn.Parameter(torch.randn(2, 2).half())
    for name in "bfloat16 float8_e4m3fn float8_e5m2 uint8 int8 int16 int32 int64 bool uint16 complex64".split():
        state[name] = torch.arange(6).reshape(2, 3).to(getattr(torch, name))
    state["bf16_transposed"] = torch.arange(12).reshape(3, 4).bfloat16().t()
    module = torch.nn.Linear(2, 2)
    state.update({f"linear.{k}": v for k, v in module.state_dict().items()})
    state._metadata = module.state_dict()._metadata
    save_file({k: v.detach().clone().contiguous() for k, v in state.items()}, HERE / "torch.safetensors")

    module = torch.nn.Linear(2, 2)  # another one: a step changes its weights
    optimizer = torch.optim.AdamW(module.parameters())
    module(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    checkpoint = {"epoch": 3, "global_step": 2**40, "note": "ünï", "loss": numpy.float64(0.5), "shape": base.shape,
                  "state_dict": state, "optimizer": optimizer.state_dict(), "device": torch.device("cpu")}
    torch.save(checkpoint, HERE / "torch_zip.pt")
    torch.save(checkpoint, HERE / "torch_legacy.ckpt", _use_new_zipfile_serialization=False)
    torch.save(dict(state), HERE / "torch_protocol4.pth", pickle_protocol=4)
    torch.save({"modelopt_state": {"version": "0.20"}, "model_state_dict": module.state_dict()}, HERE / "modelopt.pt")
    torch.save({"string_to_token": {"*": 265}, "string_to_param": {"*": torch.ones(1, 4)}}, HERE / "embedding.bin")
    evil = {"state_dict": {"a": torch.ones(2)}, "x": Trap()}
    torch.save(evil, HERE / "evil_zip.pt")
    torch.save(evil, HERE / "evil_legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(module, HERE / "whole_module.pt")
    torch.jit.save(torch.jit.script(module), HERE / "script.pt")


dtypes()
torch_files()
