#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# metric_bench.sh [PYTHONPATH]: our picture metrics and the Python references on one 1024 x 1024 pair and one core, in
# turn. Needs packaging/test to have run once.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
path=${1:-$(find "${XDG_CACHE_HOME:-$HOME/.cache}/mantissa/oracle" -mindepth 2 -maxdepth 2 -name flip_evaluator -printf '%h\n' | head -n 1)}
[ -n "$path" ] || { echo "run packaging/test once first" >&2; exit 5; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/build/release/bin/metric_bench" "$work"
export OMP_NUM_THREADS=1 PYTHONPATH=$path
taskset -c 0 "$root/build/release/bin/metric_bench" "$work/a.png" "$work/b.png"
taskset -c 0 /usr/bin/python3 "$root/tests/bench/metric_peer.py" "$work/a.png" "$work/b.png"
