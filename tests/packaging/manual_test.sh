#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: manual_test.sh PROGRAM
# What the program prints about itself: documentation pages that are current, a man page that formats, completions
# that the shells accept and that complete.
program=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/packaging/expect.sh
needs man zsh fish

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$program" man >"$work/mantissa.1"
for shell in bash zsh fish; do "$program" completions $shell >"$work/$shell"; done
"$program" man --markdown >"$work/CLI.md"
"$program" formats --markdown >"$work/FORMATS.md"

check "docs/CLI.md is current (mantissa man --markdown > docs/CLI.md)" diff -u docs/CLI.md "$work/CLI.md"
check "docs/FORMATS.md is current (mantissa formats --markdown > docs/FORMATS.md)" diff -u docs/FORMATS.md "$work/FORMATS.md"

complaints=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=100 man --warnings -E UTF-8 -l -Tutf8 -Z "$work/mantissa.1" 2>&1 >/dev/null)
check "the man page formats without a warning: $complaints" [ -z "$complaints" ]
page=$(LC_ALL=C.UTF-8 man -l "$work/mantissa.1" 2>/dev/null | col -b)
for verb in inspect quantize verify; do
    check "the man page describes $verb" contains "$page" "mantissa $verb"
    for shell in bash zsh fish; do check "$shell completes $verb" grep -qw "$verb" "$work/$shell"; done
done
check "bash accepts its completion" bash -n "$work/bash"
check "zsh accepts its completion" zsh -n "$work/zsh"
check "fish accepts its completion" fish --no-execute "$work/fish"

# complete_bash WORD...: the proposals for the last word, one a line.
complete_bash() {
    bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _mantissa
        printf "%s\n" "${COMPREPLY[@]}"' _ "$work/bash" "$@"
}
check "bash completes a verb" [ "$(complete_bash mantissa quan)" = quantize ]
check "bash completes an option" contains "$(complete_bash mantissa quantize --over)" --overwrite
check "bash completes a value" contains "$(complete_bash mantissa quantize --format nv)" nvfp4
check "bash completes a file" contains "$(complete_bash mantissa inspect READ)" README.md
finish
