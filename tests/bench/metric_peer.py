# SPDX-License-Identifier: GPL-3.0-or-later
"""metric_peer.py A.png B.png: milliseconds of the Python references on the pair, median of five (metric_bench.sh)."""
import statistics
import sys
import time

import flip_evaluator
import numpy
import skimage.io
import torch
from pytorch_msssim import ms_ssim
from skimage.metrics import structural_similarity

torch.set_num_threads(1)
a, b = (skimage.io.imread(path) for path in sys.argv[1:3])
floats = [picture.astype(numpy.float32) / 255 for picture in (a, b)]
tensors = [torch.from_numpy(picture.transpose(2, 0, 1)[None].copy()) for picture in floats]
work = {
    "ssim": lambda: structural_similarity(a, b, channel_axis=2, gaussian_weights=True, sigma=1.5,
                                          use_sample_covariance=False, data_range=255),
    "ms_ssim": lambda: float(ms_ssim(*tensors, data_range=1)),
    "flip": lambda: flip_evaluator.evaluate(*floats, "LDR", applyMagma=False)[1],
}
for name, call in work.items():
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        value = call()
        times.append((time.perf_counter() - begin) * 1e3)
    print(f"python   {name:10} {statistics.median(times):8.1f} ms  {value:.4f}")
