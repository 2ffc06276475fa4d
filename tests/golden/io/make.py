# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the files of this folder with the peers' own writers: python make.py (torch 2.15, safetensors 0.8)."""
import pathlib

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def dtypes() -> None:
    names = """bool uint8 int8 float8_e5m2 float8_e4m3fn float8_e8m0fnu int16 uint16 float16 bfloat16 int32 uint32
        float32 complex64 float64 int64 uint64""".split()
    tensors = {f"{len(names) - i:02d}.{n}": torch.arange(1, 5).to(getattr(torch, n)) for i, n in enumerate(names)}
    tensors["00.float4"] = torch.arange(4, dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
    save_file(tensors, HERE / "dtypes.safetensors", {"format": "pt"})


dtypes()
