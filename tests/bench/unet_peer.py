#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SD 1.5 U-Net of diffusers, measured as unet_bench measures ours: same libtorch, same sizes, random weights."""
import argparse
import json
import resource
import statistics
import time

import torch
from diffusers import UNet2DConditionModel

parser = argparse.ArgumentParser()
parser.add_argument("--dtype", choices=["fp32", "bf16"], default="fp32")
parser.add_argument("--steps", type=int, default=3)
parser.add_argument("--size", type=int, default=512)
parser.add_argument("--batch", type=int, default=2)
parser.add_argument("--threads", type=int, default=2)
args = parser.parse_args()

torch.set_num_threads(args.threads)
dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[args.dtype]
torch.set_default_dtype(dtype)
unet = UNet2DConditionModel(cross_attention_dim=768, sample_size=args.size // 8).eval()
x = torch.randn(args.batch, 4, args.size // 8, args.size // 8)
context = torch.randn(args.batch, 77, 768)
seconds, processor = [], []
with torch.inference_mode():
    for i in range(args.steps + 1):
        begin, ticks = time.perf_counter(), time.process_time()
        unet(x, 500, context, return_dict=False)
        if i:
            seconds.append(time.perf_counter() - begin)
            processor.append(time.process_time() - ticks)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"tool": "diffusers", "dtype": args.dtype, "seconds_per_step": round(statistics.median(seconds), 3),
                  "cpu_seconds_per_step": round(statistics.median(processor), 3), "peak_mb": peak}))
