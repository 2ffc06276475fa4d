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
STOCK = ["float8_e4m3fn", "float8_e5m2", "int8_tensorwise", "nvfp4", "mxfp8", "convrot_w4a4", "asym_w4a8_int8", "awq_w4a16", "int4"]
TWO_A_BYTE = ("nvfp4", "convrot_w4a4", "awq_w4a16")
ALWAYS_ROTATED = ("convrot_w4a4", "asym_w4a8_int8")
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
    scale = checkpoint[layer + ".weight_scale"] if layer + ".weight_scale" in checkpoint else None
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
    elif kind == "asym_w4a8_int8":
        layout = "AsymW4A8Int8Layout"
        extra = {"scale": checkpoint[layer + ".weight_s_rel"], "s_channel": checkpoint[layer + ".weight_s_channel"],
                 "codebook": checkpoint[layer + ".weight_codebook"], "group_size": int(settings["group_size"]),
                 "convrot_groupsize": int(settings["convrot_groupsize"])}
    elif kind == "awq_w4a16":
        layout = "TensorCoreAWQW4A16Layout"
        extra = {"scale": scale.float(), "zeros": checkpoint[layer + ".weight_zeros"].float(),
                 "group_size": int(settings["group_size"])}
    else:
        return None
    parameters = get_layout_class(layout).Params(**common, **extra)
    return QuantizedTensor(weight, layout, parameters).dequantize()


def difference(ours, theirs, rotated):
    """What differs, in words; empty if nothing does."""
    if ours.shape != theirs.shape:
        return f"shape {tuple(ours.shape)} against {tuple(theirs.shape)}"
    if not rotated:
        # The golden zero_nvfp4 decodes to NaN everywhere; the two zeros are one value.
        same = (ours.view(torch.int32) == theirs.view(torch.int32)) | ((ours == 0) & (theirs == 0)) | (ours.isnan() & theirs.isnan())
        unequal = ~same
        return f"{int(unequal.sum())} of {ours.numel()} values" if bool(unequal.any()) else ""
    largest = float(theirs.abs().max())
    error = float((ours - theirs).abs().max())
    return f"largest difference {error:g}, largest value {largest:g}" if not error <= ROTATION_TOLERANCE * largest else ""


def run(program, *arguments):
    """The error text; empty if the program succeeded."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    return "" if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr or done.stdout}"


def compare(program, path, work):
    """Prints one line for the file and one for each problem; gives (layers compared, problems)."""
    decoded_path = work / (path.stem + ".decoded.safetensors")
    refusal = run(program, "convert", path, "-o", decoded_path, "--dequantize", "float32", "--overwrite", "--quiet",
                  "--allow-nonfinite")
    stored = Checkpoint(path)
    compared, problems, rejected = 0, [], []
    decoded = None if refusal else Checkpoint(decoded_path)
    for layer, settings in stored.quantized_layers().items():
        weight = stored[layer + ".weight"]
        packed = settings["format"] in TWO_A_BYTE
        shape = decoded[layer + ".weight"].shape if decoded else (weight.shape[0], weight.shape[1] * (2 if packed else 1))
        rotated = bool(settings.get("convrot")) or settings["format"] in ALWAYS_ROTATED
        try:
            theirs = decode(stored, layer, settings, shape)
        except Exception as error:  # whatever their library says about the file is the finding
            rejected.append(f"{layer}: comfy-kitchen: {error}")
            continue
        if theirs is None or decoded is None:
            continue
        compared += 1
        found = difference(decoded[layer + ".weight"], theirs.float(), rotated)
        if found:
            problems.append(f"{layer} ({settings['format']}): {found}")
        # The comparison itself is judged too: one changed value must not pass.
        changed = theirs.float().clone()
        sizes = changed.abs().nan_to_num()
        changed.view(-1)[sizes.argmax()] = float(sizes.max()) * 1.001 + 1e-6
        if not difference(decoded[layer + ".weight"], changed, rotated):
            problems.append(f"{layer}: the comparison does not notice a changed value")
    # The golden zero_int8_row has an all-zero layer's scale in a shape that nothing loads: both must say so.
    if bool(refusal) != bool(rejected):
        problems += rejected or [f"mantissa convert: {refusal}"]
    if decoded:
        decoded_path.unlink()
    verdict = "both refuse it" if refusal and rejected else f"{compared} layers equal" if not problems else "PROBLEMS"
    print(f"{path.name}: {verdict}")
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
        refusal = run(options.mantissa, "quantize", "-i", options.sample, "-o", path, "--format", name, "--overwrite", "--quiet")
        if refusal:
            sys.exit(f"mantissa quantize --format {name}: {refusal}")
        compared, problems = compare(options.mantissa, path, options.work)
        if compared == 0:
            print(f"    no layer of the sample is stored as {name}")
        bad += problems + (compared == 0)
        path.unlink()
    for path in sorted(options.golden.glob("*.safetensors")):
        if any(settings["format"] in STOCK for settings in Checkpoint(path).quantized_layers().values()):
            bad += compare(options.mantissa, path, options.work)[1]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
