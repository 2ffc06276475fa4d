# SPDX-License-Identifier: GPL-3.0-or-later
"""quality_peer.py FILE: convert-to-quant's converters on a file of quality_bench, as its command line sets them.

Prints quality_bench's JSON lines with the methods "ctq simple" and "ctq learned": the SNR of the weights and of the
layer's output on L.test, and processor seconds per million weights. tests/bench/quality_peer.sh runs both.
"""
import contextlib
import importlib.util
import io
import json
import math
import sys
import time

import torch
from convert_to_quant.converters.learned_mxfp8 import LearnedMXFP8Converter
from convert_to_quant.converters.learned_nvfp4 import LearnedNVFP4Converter
from convert_to_quant.converters.learned_rounding import LearnedRoundingConverter
from safetensors.torch import load_file

# The defaults of its command line (version 1.3.4).
DEFAULTS = dict(optimizer="prodigy", num_iter=4000, lr=1.0, top_p=0.2, min_k=256, max_k=1280, full_matrix=False,
                lr_schedule="plateau", lr_gamma=0.99, lr_patience=1, lr_factor=0.95, lr_min=1e-8, lr_cooldown=0,
                lr_threshold=0.0, lr_adaptive_mode="simple-reset", lr_shape_influence=1.0, lr_threshold_mode="rel",
                early_stop_loss=5e-9, early_stop_lr=1.01e-8, early_stop_stall=2000, device="cpu")


def convert(weight, fmt, simple):
    """The weight that a loader of its file sees."""
    with torch.enable_grad(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if fmt == "nvfp4":
            return LearnedNVFP4Converter(no_learned_rounding=simple, **DEFAULTS).convert(weight, key="w")[3]
        if fmt == "mxfp8":
            return LearnedMXFP8Converter(no_learned_rounding=simple, **DEFAULTS).convert(weight, key="w")[2]
        row = fmt == "int8_tensorwise"
        converter = LearnedRoundingConverter(target_format="int8" if row else "fp8",
                                             scaling_mode="row" if row else "tensor",
                                             no_learned_rounding=simple, **DEFAULTS)
        return converter.convert(weight, key="w")[2]


def snr(exact, seen):
    return 10 * math.log10((exact.square().sum() / (exact - seen).square().sum()).item())


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    tensors = load_file(sys.argv[1])
    layers = sorted(name[: -len(".weight")] for name in tensors if name.endswith(".weight"))
    for fmt in ("float8_e4m3fn", "int8_tensorwise", "nvfp4", "mxfp8"):
        for simple in (True, False):
            rows = []
            for layer in layers:
                if fmt == "int8_tensorwise" and importlib.util.find_spec("triton") is None:
                    continue  # its INT8 path imports triton, which needs a GPU's driver
                weight, tokens = tensors[layer + ".weight"].float(), tensors[layer + ".test"].float()
                begin = time.process_time()
                seen = convert(weight.clone(), fmt, simple).detach().float()
                seconds = time.process_time() - begin
                rows.append({"layer": layer, "format": fmt, "method": "ctq simple" if simple else "ctq learned",
                             "weight_snr_db": snr(weight, seen), "output_snr_db": snr(tokens @ weight.T, tokens @ seen.T),
                             "seconds_per_mparam": seconds / weight.numel() * 1e6})
                print(json.dumps(rows[-1]), flush=True)
            if not rows:
                print(fmt + ": left out, triton is not installed", file=sys.stderr)
                continue
            weights = [tensors[layer + ".weight"].numel() for layer in layers]
            mean = dict(rows[0], layer="mean")
            for key in ("weight_snr_db", "output_snr_db"):
                mean[key] = sum(row[key] for row in rows) / len(rows)
            mean["seconds_per_mparam"] = sum(r["seconds_per_mparam"] * w for r, w in zip(rows, weights)) / sum(weights)
            print(json.dumps(mean), flush=True)


if __name__ == "__main__":
    main()
