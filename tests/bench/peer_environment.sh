# shellcheck shell=bash
# shellcheck disable=SC2034 # for those who source it
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by benches that run a Python peer beside ours. Sets root, cache, oracle (a folder with torch for PYTHONPATH, from
# packaging/test) and work (a folder that goes away again); install_peer PACKAGE… puts packages into $work/env.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mantissa
python=/usr/bin/python3
oracle=$(find "$cache/oracle" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | head -n 1)
[ -n "$oracle" ] || { echo "run packaging/test once first" >&2; exit 5; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_peer() {
    "$python" -m pip install -q --disable-pip-version-check --root-user-action ignore --target "$work/env" "$@"
}
