#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# memory_bench.sh [LIMIT [STEPS [SIZE]]]: two steps of FLUX.1 dev (bfloat16, 23.8 GB, from its manifest) with
# --memory-limit LIMIT, in an address space of 16 GB that the kernel enforces. The weights are a sparse file of zeros:
# reading, memory and arithmetic are those of any weights, but no disk is waited for.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$root/build/release/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/synth_checkpoint" "$root/tests/golden/manifests/flux1_dev.json" "$work/flux1-dev.safetensors" --dtype BF16 --sparse
/usr/bin/python3 - "$work/text.safetensors" <<'PY'
import json, random, struct, sys
random.seed(1)
tensors = {"context": [1, 64, 4096], "y": [1, 768]}  # a prompt of 64 tokens
header, data = {}, b""
for name, shape in tensors.items():
    count = shape[0] * shape[1] * (shape[2] if len(shape) > 2 else 1)
    values = struct.pack(f"<{count}f", *(random.gauss(0, 1) for _ in range(count)))
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
    data += values
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
open(sys.argv[1], "wb").write(struct.pack("<Q", len(text)) + text + data)
PY
ulimit -v $((16 * 1024 * 1024))
"$bin/mantissa" generate -m "$work/flux1-dev.safetensors" -p "" --embeddings "$work/text.safetensors" -o - \
    --latents "$work/latents.safetensors" --size "${3:-256}" --steps "${2:-2}" --compute-dtype bf16 \
    --memory-limit "${1:-2GB}" --json
