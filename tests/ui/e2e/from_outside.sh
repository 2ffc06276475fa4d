#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# studio_from_outside.py on a screen, a session bus and an accessibility bus of its own.
# usage: from_outside.sh SOURCE_ROOT STUDIO MANTISSA
# Exit code 77 means "skipped": xdotool or the accessibility bus is not installed here, or this build has no libtorch.
set -u
for tool in xdotool dbus-run-session; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "skipped: $tool is not installed"
        exit 77
    fi
done
if ! /usr/bin/python3 -c 'import pyatspi' 2>/dev/null; then
    echo "skipped: python3-pyatspi is not installed"
    exit 77
fi
if [ ! -e "$(dirname "$3")/../lib/libmantissa_torch.so" ]; then
    echo "skipped: this build has no libtorch, which the calibration on the way needs"
    exit 77
fi
cd "$1" || exit 1
exec tests/ui/with_xvfb.sh dbus-run-session -- /usr/bin/python3 tests/ui/e2e/studio_from_outside.py "$2" "$3"
