#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command on a virtual screen of its own, with a window manager where there is one.
# usage: with_xvfb.sh COMMAND ARGS…   (MANTISSA_SCREEN=1280x800 chooses the size)
# Exit code 77 means "skipped": there is no Xvfb here.
set -u
if ! command -v xvfb-run >/dev/null 2>&1; then
    echo "skipped: xvfb-run is not installed (package xvfb)"
    exit 77
fi
screen=${MANTISSA_SCREEN:-1600x1000}
# Nothing of the person who runs this: no session bus, no settings of theirs.
unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY QT_STYLE_OVERRIDE QT_QPA_PLATFORMTHEME
QT_QPA_PLATFORM=xcb
# libtorch's threads must not spin while they wait for each other: on a busy machine that costs a hundred times the work.
OMP_WAIT_POLICY=passive
export QT_QPA_PLATFORM OMP_WAIT_POLICY
exec xvfb-run --auto-servernum --server-args="-screen 0 ${screen}x24 -nolisten tcp" sh -c '
    manager=
    if command -v openbox >/dev/null 2>&1; then
        folder=$(mktemp -d)
        mkfifo "$folder/ready"
        # It says when it manages windows: a window that is mapped earlier gets no focus.
        openbox --startup "sh -c \"echo ready >$folder/ready\"" >/dev/null 2>&1 &
        manager=$!
        timeout 30 cat "$folder/ready" >/dev/null
        rm -r "$folder"
    else
        echo "note: openbox is not installed, so there is no window manager"
    fi
    "$@"
    code=$?
    [ -n "$manager" ] && kill "$manager" 2>/dev/null
    exit $code
' sh "$@"
