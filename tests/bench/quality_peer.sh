#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# quality_peer.sh FILE: our recipes and convert-to-quant 1.3.4 on the same layers (a file of quality_bench), in one run
# on one core each. Needs packaging/test to have run once; installs the tool into a folder that goes away again.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mantissa
python=/usr/bin/python3
oracle=$(find "$cache/oracle" -mindepth 1 -maxdepth 1 -type d | head -n 1)
[ -n "$oracle" ] || { echo "run packaging/test once first" >&2; exit 5; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m pip install -q --disable-pip-version-check --root-user-action ignore --no-deps --target "$work/env" \
    convert-to-quant==1.3.4 numpy scipy prodigy-plus-schedule-free safetensors
for format in float8_e4m3fn int8_tensorwise nvfp4 mxfp8; do
    for method in fast light balanced; do
        "$root/build/release/bin/quality_bench" "$1" --format "$format" --method "$method" | grep '"mean"'
    done
done
OMP_NUM_THREADS=1 PYTHONPATH=$oracle:$work/env "$python" "$root/tests/bench/quality_peer.py" "$1" 2>/dev/null | grep '"mean"'
