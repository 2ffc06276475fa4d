#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# unet_bench.sh [RUNS [THREADS [STEPS]]]: seconds per step of the SD 1.5 U-Net (synthesised weights, 512 x 512, batch 2),
# ours and diffusers' in turn, on one libtorch, in fp32 and bf16; and ours with the Linear layers in INT8 and the rest in
# bf16. Needs packaging/test to have run once; installs diffusers into a folder that goes away again.
source "$(dirname "${BASH_SOURCE[0]}")/peer_environment.sh"
install_peer diffusers==0.42.1 numpy
# diffusers asks the package metadata whether torch is there.
ln -s "$(find "$cache/torch" -maxdepth 2 -name 'torch-*.dist-info' | head -n 1)" "$work/env/"
bin=$root/build/release/bin
same=(--threads "${2:-2}" --steps "${3:-3}")
"$bin/synth_checkpoint" "$root/tests/golden/manifests/sd15.json" "$work/sd15.safetensors" --dtype F16
"$bin/mantissa" quantize -i "$work/sd15.safetensors" -o "$work/int8-convrot.safetensors" --format int8_tensorwise --quiet
"$bin/mantissa" quantize -i "$work/sd15.safetensors" -o "$work/int8.safetensors" --format int8_tensorwise --scaling row \
    --convrot off --quiet
for _ in $(seq "${1:-3}"); do
    for dtype in fp32 bf16; do
        "$bin/unet_bench" "$work/sd15.safetensors" --dtype "$dtype" "${same[@]}"
        PYTHONPATH=$oracle:$work/env "$python" "$root/tests/bench/unet_peer.py" --dtype "$dtype" "${same[@]}" 2>/dev/null
    done
    for file in int8 int8-convrot; do
        echo "$file:"
        "$bin/unet_bench" "$work/$file.safetensors" --dtype int8-bf16 "${same[@]}"
    done
done
