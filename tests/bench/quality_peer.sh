#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# quality_peer.sh FILE: our recipes, convert-to-quant 1.3.4 and bitsandbytes 0.50.2 on the same layers (a file of
# quality_bench), in one run on one core each. Needs packaging/test to have run once; installs the tools into a folder
# that goes away again.
source "$(dirname "${BASH_SOURCE[0]}")/peer_environment.sh"
install_peer --no-deps convert-to-quant==1.3.4 bitsandbytes==0.50.2 triton tqdm numpy scipy prodigy-plus-schedule-free \
    safetensors
for format in float8_e4m3fn int8_tensorwise int8_tensorwise+convrot nvfp4 mxfp8 nf4 int4; do
    for method in absmax fast light balanced; do
        "$root/build/release/bin/quality_bench" "$1" --format "$format" --method "$method" | grep '"mean"'
    done
done
OMP_NUM_THREADS=1 PYTHONPATH=$oracle:$work/env "$python" "$root/tests/bench/quality_peer.py" "$1" 2>/dev/null | grep '"mean"'
