#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: install_test.sh BUILD_FOLDER
# An installed program works where neither the sources nor the build are.
build=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/packaging/expect.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check "installs" cmake --install "$build" --prefix "$work/usr" --strip >"$work/log"
check "man page" test -s "$work/usr/share/man/man1/mantissa.1"
check "completions" test -s "$work/usr/share/bash-completion/completions/mantissa"
cd "$work" || exit 1
check "lists its formats" contains "$(usr/bin/mantissa formats)" nvfp4
check "writes its sample" usr/bin/mantissa sample -o "$work/sample" --quiet >"$work/log"
check "inspects it" contains "$(usr/bin/mantissa inspect --json "$work/sample/tiny-sd.safetensors")" "\"sd1\""
# The source tree has the same sample: only a changed copy shows which one was read.
echo changed >>usr/share/mantissa/sample/tiny-sd.safetensors
usr/bin/mantissa sample -o "$work/changed" --quiet >>"$work/log"
check "the sample comes from the installation" cmp "$work/changed/tiny-sd.safetensors" usr/share/mantissa/sample/tiny-sd.safetensors
finish
