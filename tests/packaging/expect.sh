# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A few lines of test harness for the shell tests beside it: source it, then check, then finish.
failures=0 checks=0

# check WHAT COMMAND...: passes if the command succeeds.
check() {
    local what=$1
    shift
    checks=$((checks + 1))
    if ! "$@"; then
        failures=$((failures + 1))
        echo "FAILED: $what"
    fi
}

# contains TEXT PART
contains() { case $1 in *"$2"*) ;; *) echo "  '$2' is not in: $1" && return 1 ;; esac; }

# needs COMMAND...: exit code 77 means "skipped" to ctest.
needs() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || { echo "skipped: $command is not installed" && exit 77; }
    done
}

finish() {
    echo "$checks checks, $failures failures"
    [ "$failures" = 0 ]
    exit
}
