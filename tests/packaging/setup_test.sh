#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The set-up's messages and lists, without installing or downloading anything.
cd "$(dirname "$0")/../.." || exit 1
. tests/packaging/expect.sh

# in_setup COMMANDS: runs them after sourcing setup.sh; sets `text` (both streams) and `code`.
in_setup() {
    text=$(bash -c "source packaging/setup.sh; $1" 2>&1)
    code=$?
}

in_setup 'uname() { [ "$1" = -m ] && echo aarch64 || echo Linux; }; check_machine'
check "another processor is refused with code 5" [ "$code" = 5 ]
check "another processor is named" contains "$text" "aarch64"

in_setup 'check_machine() { die "no" "do this"; }; check_machine'
check "die gives the hint" contains "$text" "hint: do this"

in_setup 'need_space . 999999999 "a test"'
check "too little space is refused with code 5" [ "$code" = 5 ]
check "too little space says how much is free" contains "$text" "are free"

for log_and_word in "OSError: [Errno 28] No space left on device|disk is full" \
    "THESE PACKAGES DO NOT MATCH THE HASHES|not the pinned file" \
    "Temporary failure in name resolution|cannot be reached"; do
    in_setup "log=\$(mktemp); echo '${log_and_word%|*}' >\$log; explain_failure \$log 'a download'"
    check "'${log_and_word%|*}' is explained" contains "$text" "${log_and_word#*|}"
    check "'${log_and_word%|*}' exits with 5" [ "$code" = 5 ]
done

in_setup 'id() { echo 1000; }; command() { return 1; }; dpkg-query() { :; }; ensure_packages apt-packages.txt'
check "without root and sudo the packages are named" contains "$text" "As root: apt-get install"
check "without root and sudo the exit code is 5" [ "$code" = 5 ]

in_setup 'printf "# head\nfirst   # why\n\nsecond\n" | entries'
check "package lists may have comments" [ "$text" = "$(printf 'first\nsecond')" ]

for list in packaging/pypi-*.txt; do
    unpinned=$(grep -vE '^#|^[a-z0-9-]+==[0-9][0-9.]* --hash=sha256:[0-9a-f]{64}$' "$list")
    check "every line of $list has a version and a hash" [ -z "$unpinned" ]
done

in_setup 'XDG_CACHE_HOME=/nowhere-at-all; [ "$(jobs)" -ge 1 ]'
check "there is at least one job" [ "$code" = 0 ]
finish
