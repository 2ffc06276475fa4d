#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# unet_bench.sh [RUNS]: seconds per step of the SD 1.5 U-Net (synthesised weights, 512 x 512, batch 2, fp32 and bf16),
# ours and diffusers' in turn, on one libtorch. Needs packaging/test to have run once; installs diffusers into a
# folder that goes away again.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mantissa
python=/usr/bin/python3
oracle=$(find "$cache/oracle" -mindepth 1 -maxdepth 1 -type d | head -n 1)
[ -n "$oracle" ] || { echo "run packaging/test once first" >&2; exit 5; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m pip install -q --disable-pip-version-check --root-user-action ignore --target "$work/env" \
    diffusers==0.42.1 numpy
# diffusers asks the package metadata whether torch is there.
ln -s "$(find "$cache/torch" -maxdepth 2 -name 'torch-*.dist-info' | head -n 1)" "$work/env/"
"$root/build/release/bin/synth_checkpoint" "$root/tests/golden/manifests/sd15.json" "$work/sd15.safetensors" --dtype F16
for _ in $(seq "${1:-3}"); do
    for dtype in fp32 bf16; do
        "$root/build/release/bin/unet_bench" "$work/sd15.safetensors" --dtype "$dtype"
        PYTHONPATH=$oracle:$work/env "$python" "$root/tests/bench/unet_peer.py" --dtype "$dtype" 2>/dev/null
    done
done
