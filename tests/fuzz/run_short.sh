#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every libFuzzer target of a build (preset `fuzz`) for some seconds each; fails if one finds anything.
# usage: run_short.sh BUILD_DIR SECONDS [TARGET…]      What is found stays in BUILD_DIR/fuzz/NAME/.
set -euo pipefail
build=$1 seconds=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for seeds in "$here"/corpus/*/; do targets+=("$(basename "$seeds")"); done
fi
failed=0
for name in "${targets[@]}"; do
    work=$build/fuzz/$name
    mkdir -p "$work/corpus"
    echo "== $name, $seconds s"
    if ! "$build/bin/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
        -print_final_stats=1 -artifact_prefix="$work/" "$work/corpus" "$here/corpus/$name" >"$work/log" 2>&1; then
        tail -n 30 "$work/log"
        failed=1
    else
        grep -E 'number_of_executed_units|peak_rss_mb' "$work/log"
    fi
done
exit $failed
