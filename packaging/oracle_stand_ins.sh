#!/usr/bin/env bash
# usage: oracle_stand_ins.sh TREE
# TREE holds an unpacked torch wheel. Its Python module is linked against 2 GB of CUDA libraries that a computation on
# the CPU never calls. This makes one small library in their place, which defines every symbol torch imports from them,
# each a function that reports an error. For the tests' oracle only: the product never sees this folder.
set -euo pipefail
lib=$1/torch/lib
out=$1/nvidia/cu13/lib
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

system=(libc.so.6 libm.so.6 libstdc++.so.6 libgcc_s.so.1 ld-linux-x86-64.so.2)
nm -D --defined-only "$lib"/*.so* "$out"/*.so* "${system[@]/#//lib/x86_64-linux-gnu/}" 2>/dev/null \
    | awk 'NF {name = $NF; sub(/@.*/, "", name); print name}' >"$work/defined"
# Lines "VERSION NAME" of what is imported from libraries that are not there.
nm -D --undefined-only "$lib"/*.so | awk '$1 == "U" {print $2}' | sort -u \
    | awk -F@ 'NR == FNR {have[$1]; next} !($1 in have) && $1 ~ /^(cu|nv|nccl)/ {print ($2 == "" ? "UNVERSIONED" : $2), $1}' \
        "$work/defined" - >"$work/imports"
awk '{names[$1] = names[$1] $2 ";"} END {for (version in names) print version " {" names[version] "};"}' \
    "$work/imports" >"$work/versions"
{
    echo '.text'
    awk '{print $2}' "$work/imports" | sort -u | while read -r name; do
        if [ "$name" = nvshmemi_device_only_state ]; then # the one import that is data
            printf '.data\n.globl %s\n.type %s,@object\n%s: .zero 4096\n.size %s,4096\n.text\n' "$name" "$name" "$name" "$name"
        else
            printf '.globl %s\n.type %s,@function\n%s:\n' "$name" "$name" "$name"
        fi
    done
    printf '    mov $1, %%eax\n    ret\n.section .note.GNU-stack,"",@progbits\n'
} >"$work/stand_in.s"
gcc -shared -nostdlib "$work/stand_in.s" "-Wl,--version-script=$work/versions" -o "$out/libstand_in.so"

# Every library that is named as needed and is not there becomes a link to it.
for needed in $(readelf -d "$lib"/*.so | sed -n 's/.*(NEEDED).*\[\(lib\(cu\|nv\|nccl\).*\)\]/\1/p' | sort -u); do
    [ -e "$out/$needed" ] || [ "$needed" = libcuda.so.1 ] || ln -s libstand_in.so "$out/$needed"
done
