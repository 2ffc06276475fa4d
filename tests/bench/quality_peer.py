# SPDX-License-Identifier: GPL-3.0-or-later
"""quality_peer.py FILE: convert-to-quant's converters, as its command line sets them, and bitsandbytes' NF4 on a file of
quality_bench.

Prints quality_bench's JSON lines with the methods "ctq simple", "ctq learned" and "bitsandbytes": the SNR of the weights
and of the layer's output on L.test, and processor seconds per million weights. tests/bench/quality_peer.sh runs both
sides. convert-to-quant's INT8 imports triton, which has to be installed; rounding rows runs none of its kernels.
"""
import contextlib
import io
import json
import math
import sys
import time

import bitsandbytes.functional
import torch
from convert_to_quant.converters.learned_mxfp8 import LearnedMXFP8Converter
from convert_to_quant.converters.learned_nvfp4 import LearnedNVFP4Converter
from convert_to_quant.converters.learned_rounding import LearnedRoundingConverter
from convert_to_quant.utils.convrot import build_hadamard, rotate_weight
from safetensors.torch import load_file

# The defaults of its command line (version 1.3.4).
DEFAULTS = dict(optimizer="prodigy", num_iter=4000, lr=1.0, top_p=0.2, min_k=256, max_k=1280, full_matrix=False,
                lr_schedule="plateau", lr_gamma=0.99, lr_patience=1, lr_factor=0.95, lr_min=1e-8, lr_cooldown=0,
                lr_threshold=0.0, lr_adaptive_mode="simple-reset", lr_shape_influence=1.0, lr_threshold_mode="rel",
                early_stop_loss=5e-9, early_stop_lr=1.01e-8, early_stop_stall=2000, device="cpu")


METHODS = ("ctq simple", "ctq learned")


def methods(fmt):
    if fmt == "nf4":
        return ("bitsandbytes",)
    # With rotation it learns for minutes a layer (spec/algorithms 4.1: 263 s for a matrix of 384 x 384).
    return METHODS[:1] if fmt.endswith("+convrot") else METHODS


def convert(weight, fmt, method):
    """The weight that a loader of its file sees."""
    simple = method == METHODS[0]
    if method == "bitsandbytes":  # Linear4bit's own blocks, without the second quantization of their scales
        codes, state = bitsandbytes.functional.quantize_4bit(weight, blocksize=64, quant_type="nf4")
        return bitsandbytes.functional.dequantize_4bit(codes, state)
    with torch.enable_grad(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if fmt == "nvfp4":
            return LearnedNVFP4Converter(no_learned_rounding=simple, **DEFAULTS).convert(weight, key="w")[3]
        if fmt == "mxfp8":
            return LearnedMXFP8Converter(no_learned_rounding=simple, **DEFAULTS).convert(weight, key="w")[2]
        row = fmt.startswith("int8_tensorwise")
        rotated = fmt.endswith("+convrot")
        converter = LearnedRoundingConverter(target_format="int8" if row else "fp8",
                                             scaling_mode="row" if row else "tensor",
                                             no_learned_rounding=simple, convrot=rotated,
                                             primary_int8_convrot_compat=rotated, **DEFAULTS)
        seen = converter.convert(weight, key="w")[2]
        if rotated:  # it gives the rotated weight; the matrix is its own inverse
            group = converter.last_primary_convrot_group_size
            seen = rotate_weight(seen.float(), build_hadamard(group, device="cpu", dtype=torch.float32), group)
        return seen


def snr(exact, seen):
    return 10 * math.log10((exact.square().sum() / (exact - seen).square().sum()).item())


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    tensors = load_file(sys.argv[1])
    layers = sorted(name[: -len(".weight")] for name in tensors if name.endswith(".weight"))
    for fmt in ("float8_e4m3fn", "int8_tensorwise", "int8_tensorwise+convrot", "nvfp4", "mxfp8", "nf4"):
        for method in methods(fmt):
            rows = []
            for layer in layers:
                weight, tokens = tensors[layer + ".weight"].float(), tensors[layer + ".test"].float()
                begin = time.process_time()
                seen = convert(weight.clone(), fmt, method).detach().float()
                seconds = time.process_time() - begin
                rows.append({"layer": layer, "format": fmt, "method": method,
                             "weight_snr_db": snr(weight, seen), "output_snr_db": snr(tokens @ weight.T, tokens @ seen.T),
                             "seconds_per_mparam": seconds / weight.numel() * 1e6})
                print(json.dumps(rows[-1]), flush=True)
            weights = [tensors[layer + ".weight"].numel() for layer in layers]
            mean = dict(rows[0], layer="mean")
            for key in ("weight_snr_db", "output_snr_db"):
                mean[key] = sum(row[key] for row in rows) / len(rows)
            mean["seconds_per_mparam"] = sum(r["seconds_per_mparam"] * w for r, w in zip(rows, weights)) / sum(weights)
            print(json.dumps(mean), flush=True)


if __name__ == "__main__":
    main()
