#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the package lpips (0.1.4, with torchvision) makes of the pictures of tests/support/made_pictures.h, with
the made weights of tests/torch/lpips_test.cpp in place of trained ones:

    MANTISSA_PICTURES=FOLDER build/release/bin/test_compare '[.pictures]'
    lpips_with_python.py --pictures FOLDER --write tests/golden/compare/lpips.json
"""
import argparse
import importlib.metadata
import json
import pathlib

import lpips
import numpy
import skimage.io
import torch


def made(name, shape):
    """The values of a weight: waves, scaled as initial weights are; those of the linear layers are not negative."""
    count = int(numpy.prod(shape))
    waves = numpy.sin(0.37 * numpy.arange(1, count + 1) + sum(name.encode()))
    if name.startswith("lin"):
        return (0.5 * numpy.abs(waves)).reshape(shape)
    scale = 0.1 if name.endswith("bias") else 1.7 / numpy.sqrt(count / shape[0])
    return (scale * waves).reshape(shape)


def network(kind):
    model = lpips.LPIPS(net=kind, pnet_rand=True, pretrained=False, verbose=False)
    state = {name: torch.from_numpy(made(name, tuple(value.shape)).astype(numpy.float32))
             for name, value in model.state_dict().items()
             if not name.startswith(("scaling_layer.", "lins."))}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all(name.startswith(("scaling_layer.", "lins.")) for name in missing), missing
    return model


def tensor(picture):
    return torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(numpy.float32) / 255)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=pathlib.Path, required=True)
    parser.add_argument("--write", type=pathlib.Path, required=True)
    options = parser.parse_args()
    values = {}
    for kind in ("alex", "vgg"):
        model = network(kind)
        values[kind] = {}
        for reference in sorted((options.pictures / "reference").glob("*.png")):
            a, b = (skimage.io.imread(path) for path in (reference, options.pictures / "test" / reference.name))
            try:
                with torch.no_grad():
                    value = model(tensor(a), tensor(b), normalize=True).item()
            except RuntimeError:  # too small for the network
                value = None
            values[kind][reference.stem] = value
    versions = {name: importlib.metadata.version(name) for name in ("lpips", "torchvision", "numpy")}
    options.write.write_text(json.dumps({"versions": versions, "networks": values}, indent=1) + "\n")


if __name__ == "__main__":
    main()
