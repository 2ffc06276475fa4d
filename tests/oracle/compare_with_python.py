#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares our picture metrics with their reference implementations: scikit-image, pytorch-msssim, flip-evaluator, scipy.

    compare_with_python.py --mantissa PROGRAM --work FOLDER     real pictures (scikit-image's), cut and distorted, through
                                                                `mantissa compare --images`, and the same through Python
    compare_with_python.py --write FILE --pictures FOLDER       references of the pictures of tests/support/made_pictures.h:
        MANTISSA_PICTURES=FOLDER build/release/bin/test_compare '[.pictures]'

Exit status: 0 all agree to 1e-4, 1 a difference.
"""
import argparse
import importlib.metadata
import json
import math
import pathlib
import subprocess
import sys

import flip_evaluator
import numpy
import scipy.stats
import skimage
import torch
from pytorch_msssim import ms_ssim
from skimage import filters, metrics, util

TOLERANCE = 1e-4
SSIM_WINDOW = 11
MS_SSIM_SMALLEST = 176


def references(a, b):
    """The metrics of two pictures (uint8, height x width x 3); None where one is not defined."""
    difference = numpy.abs(a.astype(float) - b.astype(float)) / 255
    smallest = min(a.shape[:2])
    psnr = metrics.peak_signal_noise_ratio(a, b, data_range=255) if difference.any() else math.inf
    values = {"mae": float(difference.mean()), "max": float(difference.max()), "psnr_db": float(psnr)}
    values["ssim"] = float(metrics.structural_similarity(
        a, b, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
        data_range=255)) if smallest >= SSIM_WINDOW else None

    def tensor(picture):
        return torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(numpy.float32) / 255)

    values["ms_ssim"] = float(ms_ssim(tensor(a), tensor(b), data_range=1)) if smallest >= MS_SSIM_SMALLEST else None
    floats = [picture.astype(numpy.float32) / 255 for picture in (a, b)]
    values["flip"] = float(flip_evaluator.evaluate(*floats, "LDR", applyMagma=False)[1])
    values["histogram"] = float(numpy.mean([
        scipy.stats.wasserstein_distance(a[..., c].ravel(), b[..., c].ravel()) / 255 for c in range(3)]))
    return values


def real_pairs():
    """Name, picture, distorted picture: photographs in several sizes, odd ones among them."""
    random = numpy.random.default_rng(7)
    for name in ("astronaut", "coffee", "chelsea", "rocket"):
        try:
            picture = getattr(skimage.data, name)()
        except Exception:  # not every photograph is in the wheel, and nothing is fetched here
            continue
        for height, width in ((299, 451), (256, 256), (177, 176), (101, 83), (11, 30), (5, 9)):
            if height > picture.shape[0] or width > picture.shape[1]:
                continue
            cut = picture[20:20 + height, 30:30 + width] if picture.shape[0] > height + 20 else picture[:height, :width]
            noisy = numpy.clip(cut + random.normal(0, 9, cut.shape), 0, 255).astype(numpy.uint8)
            blurred = util.img_as_ubyte(filters.gaussian(cut, 1.3, channel_axis=2))
            for how, test in (("noise", noisy), ("blur", blurred), ("same", cut)):
                yield f"{name}-{height}x{width}-{how}", numpy.ascontiguousarray(cut), numpy.ascontiguousarray(test)


def check(mantissa, work):
    for folder in ("reference", "test", "out"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, a, b in real_pairs():
        skimage.io.imsave(work / "reference" / f"{name}.png", a, check_contrast=False)
        skimage.io.imsave(work / "test" / f"{name}.png", b, check_contrast=False)
        expected[name] = references(a, b)
    done = subprocess.run([mantissa, "compare", work / "reference", work / "test", "--images", "-o", work / "out", "--json",
                           "--overwrite", "--quiet", "--no-pdf"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"mantissa compare: exit code {done.returncode}: {done.stderr}")
    pairs = json.loads(done.stdout)["variants"][1]["pairs"]
    bad, largest = [], {}
    if sorted(pair["name"] for pair in pairs) != sorted(expected):
        bad.append(f"{len(pairs)} pairs instead of {len(expected)}")
    for pair in pairs:
        for metric, value in expected.get(pair["name"], {}).items():
            ours = pair[metric]
            if value is None or math.isinf(value):
                if ours is not None:
                    bad.append(f"{pair['name']}: {metric} is {ours}, not null")
            elif ours is None or not abs(ours - value) <= TOLERANCE:
                bad.append(f"{pair['name']}: {metric} is {ours}, not {value}")
            else:
                largest[metric] = max(largest.get(metric, 0), abs(ours - value))
    print(f"{len(pairs)} pairs; largest differences: " + ", ".join(f"{k} {v:.2g}" for k, v in largest.items()))
    print("\n".join(bad))
    return 1 if bad or not pairs else 0


def write(path, pictures):
    pairs = {}
    for reference in sorted((pictures / "reference").glob("*.png")):
        pairs[reference.stem] = references(
            skimage.io.imread(reference), skimage.io.imread(pictures / "test" / reference.name))
    versions = {name: importlib.metadata.version(name) for name in (
        "scikit-image", "pytorch-msssim", "flip-evaluator", "scipy", "numpy")}
    path.write_text(json.dumps({"versions": versions, "pairs": pairs}, indent=1) + "\n")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("mantissa", "work", "write", "pictures"):
        parser.add_argument("--" + option, type=pathlib.Path)
    options = parser.parse_args()
    return write(options.write, options.pictures) if options.write else check(options.mantissa, options.work)


if __name__ == "__main__":
    sys.exit(main())
