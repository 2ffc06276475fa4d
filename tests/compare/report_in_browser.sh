#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# report_in_browser.sh MANTISSA WORK: opens the report of a comparison in a headless browser without a network, and
# looks at what its script made of it. 77 where there is no browser.
set -euo pipefail
mantissa=$1 work=$2
browser=$(command -v chromium-headless-shell chromium google-chrome | head -n 1) || true
[ -n "$browser" ] || { echo "left out: no headless browser (chromium-headless-shell)"; exit 77; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work/profile"' EXIT
# The made pictures (tests/support/made_pictures.h) as two folders, so that no model is needed.
MANTISSA_PICTURES=$work/pictures "$(dirname "$mantissa")/test_compare" '[.pictures]' >/dev/null
"$mantissa" compare "$work/pictures/reference" "$work/pictures/test" same="$work/pictures/reference" --images \
    -o "$work/report" --quiet >/dev/null
# Alone in a folder: nothing beside it may be needed.
mkdir "$work/alone"
cp "$work/report/report.html" "$work/alone/"
[ "$(id -u)" != 0 ] || sandbox=--no-sandbox
open_page() {
    timeout 60 "$browser" ${sandbox:+"$sandbox"} --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
        --proxy-server=127.0.0.1:9 --window-size=1280,2600 --virtual-time-budget=5000 "$@" \
        "file://$work/alone/report.html" 2>"$work/browser.log"
}
open_page --dump-dom >"$work/page.html"
open_page --screenshot="$work/report.png" >/dev/null
expect() { grep -qE "$1" "$work/page.html" || { echo "not in the page: $1"; exit 1; }; }
expect '<html[^>]* data-ready="yes"'
if grep -q '<html[^>]* data-error' "$work/page.html"; then echo "the page's script failed"; exit 1; fi
expect '<h1>Comparison with reference</h1>'
expect '∞'
expect 'not defined'
expect 'class="bar"'
expect '<img[^>]* src="data:image/png;base64,'
expect 'type="range"'
expect '640x361-other'
pairs=$(grep -oE '<tr class="pick"' "$work/page.html" | wc -l)
[ "$pairs" -ge 10 ] || { echo "only $pairs pairs are listed"; exit 1; }
[ "$(stat -c %s "$work/report.png")" -gt 20000 ] || { echo "the screenshot is empty"; exit 1; }
echo "$pairs pairs listed; screenshot in ${work#"$root"/}/report.png"
