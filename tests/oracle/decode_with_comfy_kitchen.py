#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decodes what mantissa writes with comfy-kitchen, ComfyUI's own library, and compares with what mantissa decodes.

    decode_with_comfy_kitchen.py --mantissa PROGRAM --sample MODEL --golden FOLDER --work FOLDER

For each stock format the sample is converted; those files and the golden ones (made by another tool) are then decoded
by both. Values must be equal bit for bit as float32; where the format rotates (ConvRot) both sides sum the same
products in different orders, so a relative difference of 1e-5 of the layer's largest value is allowed.
Exit status: 0 all equal, 1 a difference or a layer that cannot be decoded.
"""
import argparse
import json
import pathlib
import struct
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore", message="Failed to initialize NumPy")

import torch
from comfy_kitchen.tensor import QuantizedTensor, get_layout_class

DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2, "F8_E8M0": torch.float8_e8m0fnu, "I64": torch.int64, "I32": torch.int32,
    "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}
STOCK = ["float8_e4m3fn", "float8_e5m2", "int8_tensorwise", "nvfp4", "mxfp8", "convrot_w4a4"]
ROTATION_TOLERANCE = 1e-5


class Checkpoint:
    """A safetensors file, read with nothing of mantissa's."""

    def __init__(self, path):
        data = bytearray(pathlib.Path(path).read_bytes())
        (length,) = struct.unpack_from("<Q", data)
        self.header = json.loads(data[8:8 + length])
        self.metadata = self.header.pop("__metadata__", {})
        self.data, self.start = data, 8 + length

    def __contains__(self, name):
        return name in self.header

    def __getitem__(self, name):
        entry = self.header[name]
        begin, end = entry["data_offsets"]
        dtype = DTYPES[entry["dtype"]]
        if begin == end:
            return torch.empty(entry["shape"], dtype=dtype)
        raw = torch.frombuffer(self.data, dtype=torch.uint8, count=end - begin, offset=self.start + begin)
        return raw.clone().view(dtype).reshape(entry["shape"])

    def quantized_layers(self):
        """Name to settings, as ComfyUI sees them: the header table wins over the tensors."""
        layers = {}
        for name in self.header:
            if name.endswith(".comfy_quant"):
                layers[name.removesuffix(".comfy_quant")] = json.loads(bytes(self[name].tolist()))
        if "_quantization_metadata" in self.metadata:
            layers.update(json.loads(self.metadata["_quantization_metadata"])["layers"])
        return layers


def decode(checkpoint, layer, settings, shape):
    """The weight as comfy-kitchen decodes it, float32; None where stock ComfyUI does not know the format."""
    weight = checkpoint[layer + ".weight"]
    scale = checkpoint[layer + ".weight_scale"]
    common = {"orig_dtype": torch.float32, "orig_shape": tuple(shape)}
    kind = settings["format"]
    if kind in ("float8_e4m3fn", "float8_e5m2"):
        layout, extra = "TensorCoreFP8Layout", {"scale": scale}
    elif kind == "mxfp8":
        layout, extra = "TensorCoreMXFP8Layout", {"scale": scale.view(torch.float8_e8m0fnu)}
    elif kind == "nvfp4":
        layout = "TensorCoreNVFP4Layout"
        extra = {"scale": checkpoint[layer + ".weight_scale_2"], "block_scale": scale.view(torch.float8_e4m3fn)}
    elif kind == "int8_tensorwise":
        layout, extra = "TensorWiseINT8Layout", {"scale": scale}
        if settings.get("convrot"):
            extra |= {"convrot": True, "convrot_groupsize": int(settings["convrot_groupsize"])}
    elif kind == "convrot_w4a4":
        layout = "TensorCoreConvRotW4A4Layout"
        extra = {"scale": scale, "quant_group_size": 64, "convrot_groupsize": int(settings["convrot_groupsize"])}
        extra["linear_dtype"] = settings.get("linear_dtype", "int4")
    else:
        return None
    parameters = get_layout_class(layout).Params(**common, **extra)
    return QuantizedTensor(weight, layout, parameters).dequantize()


def difference(ours, theirs, rotated):
    """What differs, in words; empty if nothing does."""
    if ours.shape != theirs.shape:
        return f"shape {tuple(ours.shape)} against {tuple(theirs.shape)}"
    if not rotated:
        unequal = (ours.view(torch.int32) != theirs.view(torch.int32)) & ~((ours == 0) & (theirs == 0))
        return f"{int(unequal.sum())} of {ours.numel()} values" if bool(unequal.any()) else ""
    largest = float(theirs.abs().max())
    error = float((ours - theirs).abs().max())
    return f"largest difference {error:g}, largest value {largest:g}" if not error <= ROTATION_TOLERANCE * largest else ""


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"mantissa {' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")


def compare(program, path, work, is_ours):
    """Prints one line for the file; gives (layers compared, problems). That comfy-kitchen rejects a layer is a problem
    of the files we write only (the golden zero_int8_row has the scale of an all-zero layer in a shape it does not load)."""
    decoded_path = work / (path.stem + ".decoded.safetensors")
    run(program, "convert", path, "-o", decoded_path, "--dequantize", "float32", "--overwrite", "--quiet")
    stored, decoded = Checkpoint(path), Checkpoint(decoded_path)
    compared, problems = 0, []
    for layer, settings in stored.quantized_layers().items():
        ours = decoded[layer + ".weight"]
        rotated = bool(settings.get("convrot")) or settings["format"] == "convrot_w4a4"
        try:
            theirs = decode(stored, layer, settings, ours.shape)
        except Exception as error:  # whatever their library says about our file is the finding
            if is_ours:
                problems.append(f"{layer}: comfy-kitchen: {error}")
            else:
                print(f"{path.name}: {layer} is not loaded by comfy-kitchen: {error}")
            continue
        if theirs is None:
            continue
        compared += 1
        found = difference(ours, theirs.float(), rotated)
        if found:
            problems.append(f"{layer} ({settings['format']}): {found}")
        # The comparison itself is judged too: one changed bit must not pass.
        changed = theirs.float().clone()
        changed.view(-1)[changed.abs().argmax()] *= 1.001
        if not difference(ours, changed, rotated):
            problems.append(f"{layer}: the comparison does not notice a changed value")
    decoded_path.unlink()
    print(f"{path.name}: {compared} layers, {len(problems)} problems")
    for problem in problems:
        print("   ", problem)
    return compared, len(problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("mantissa", "sample", "golden", "work"):
        parser.add_argument("--" + option, required=True, type=pathlib.Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    bad = 0
    for name in STOCK:
        path = options.work / f"sample-{name}.safetensors"
        run(options.mantissa, "quantize", "-i", options.sample, "-o", path, "--format", name, "--overwrite", "--quiet")
        compared, problems = compare(options.mantissa, path, options.work, is_ours=True)
        if compared == 0:
            print(f"    no layer of the sample is stored as {name}")
        bad += problems + (compared == 0)
        path.unlink()
    for path in sorted(options.golden.glob("*.safetensors")):
        if any(settings["format"] in STOCK for settings in Checkpoint(path).quantized_layers().values()):
            bad += compare(options.mantissa, path, options.work, is_ours=False)[1]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
