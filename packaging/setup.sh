# shellcheck shell=bash
# Set-up shared by packaging/run, packaging/test and packaging/lint, which source it. Each step looks at what is there
# and does only what is missing, so that a second run costs well under a second.
#
#   MANTISSA_SKIP_PACKAGES=1   do not install Debian packages (on other systems: install those of the lists yourself)
#   XDG_CACHE_HOME             downloads go to $XDG_CACHE_HOME/mantissa (default ~/.cache/mantissa), for all checkouts
set -euo pipefail

SOURCE_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PACKAGING=$SOURCE_DIR/packaging
BUILD_DIR=$SOURCE_DIR/build/release
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/mantissa
TORCH_VERSION=2.15.0
TORCH_ROOT=$CACHE/torch/$TORCH_VERSION
CLIP_VERSION=3.3.0 # of open-clip-torch, whose wheel has CLIP's vocabulary
CLIP_ROOT=$CACHE/clip/$CLIP_VERSION
PYTHON=/usr/bin/python3 # Debian's own, whatever else is on the PATH

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
# die MESSAGE [HINT]: exit code 5, "the system refused", as the program itself uses it.
die() {
    printf 'mantissa set-up: error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
    exit 5
}

entries() { sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$@"; }
key_of() { cat "$@" | sha256sum | cut -c1-16; }

# need_space FOLDER MEBIBYTES WHAT
need_space() {
    local free
    free=$(df -Pm "$1" | awk 'NR == 2 {print $4}')
    [ "$free" -ge "$2" ] || die "$3 needs $2 MiB, but only $free MiB are free in $1." \
        "Free some space, or set XDG_CACHE_HOME to a folder on a larger disk."
}

# explain_failure LOG WHAT: dies with the reason that a download or unpacking log shows.
explain_failure() {
    tail -n 15 "$1" >&2
    if grep -qiE 'no space left|disk full|write error' "$1"; then
        die "the disk is full: $2." "Free some space and run the same command again; it goes on where it stopped."
    elif grep -qiE 'do not match the hashes|hashes are required' "$1"; then
        die "a download is not the pinned file: $2." "Check for a proxy or mirror that alters files; nothing was installed."
    elif grep -qiE 'temporary failure|could not resolve|failed to fetch|connection|network|timed out|no matching distribution|could not connect' "$1"; then
        die "the package registries cannot be reached: $2." "Check the network and proxy settings, then run the same command again."
    fi
    die "$2."
}

check_machine() {
    [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] \
        || die "Mantissa builds on x86-64 Linux; this is $(uname -s) on $(uname -m)."
    [ -z "${MANTISSA_SKIP_PACKAGES:-}" ] || return 0
    local id='' version=''
    if [ -r /etc/os-release ]; then
        id=$(. /etc/os-release && echo "${ID:-} ${ID_LIKE:-}")
        version=$(. /etc/os-release && echo "${ID:-}-${VERSION_ID:-}")
    fi
    case " $id " in
    *" debian "*) ;;
    *) die "this set-up installs Debian packages, and this system is not Debian (${version:-unknown})." \
        "Install what packaging/apt-packages.txt lists by your system's own means, then run with MANTISSA_SKIP_PACKAGES=1." ;;
    esac
    [ "$version" = debian-12 ] \
        || say "Warning: the pinned versions are those of Debian 12; this is $version. It may work."
}

# as_root COMMAND...: needs can_be_root first.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
can_be_root() { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }

# ensure_packages LIST...: installs the Debian packages of the lists that are not installed.
ensure_packages() {
    [ -z "${MANTISSA_SKIP_PACKAGES:-}" ] || return 0
    local wanted installed missing log
    wanted=$(for list in "$@"; do entries "$PACKAGING/$list"; done | sort -u)
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | awk '$1 == "installed" {print $2}' | sort -u)
    missing=$(comm -23 <(echo "$wanted") <(echo "$installed") | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    can_be_root || die "Debian packages are missing, and installing them needs root or sudo: $missing" \
        "As root: apt-get install $missing"
    need_space /usr 1500 "installing the Debian packages"
    say "Installing Debian packages: $missing"
    log=$(mktemp)
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    as_root "${apt[@]}" update >"$log" 2>&1 || explain_failure "$log" "could not update the Debian package lists"
    # The names are words: one argument each.
    # shellcheck disable=SC2086
    as_root "${apt[@]}" install --no-install-recommends $missing >"$log" 2>&1 \
        || explain_failure "$log" "could not install the Debian packages $missing"
    rm -f "$log"
}

# lock_cache: one set-up at a time writes to the cache; held until the calling subshell ends.
lock_cache() {
    mkdir -p "$CACHE" || die "cannot write to the cache folder $CACHE." "Set XDG_CACHE_HOME to a folder you may write to."
    exec 9>"$CACHE/.lock"
    flock -n 9 || { say "Waiting for another set-up that uses $CACHE"; flock 9; }
}

# download_wheels LIST FOLDER: the exact files, whatever Python and platform run this.
download_wheels() {
    local platforms=() minor log
    for minor in 5 12 17 18 24 25 27 28; do
        platforms+=(--platform "manylinux_2_${minor}_x86_64")
    done
    log=$(mktemp)
    # pip collects the file in its temporary folder first: keep that off a small /tmp.
    TMPDIR=$(dirname "$2") "$PYTHON" -m pip download --no-deps --no-cache-dir --require-hashes --disable-pip-version-check --progress-bar off \
        --python-version 3.11 --implementation cp --only-binary=:all: "${platforms[@]}" \
        -d "$2" -r "$PACKAGING/$1" >"$log" 2>&1 || explain_failure "$log" "could not download $1"
    rm -f "$log"
}

# unpack_wheels FOLDER TARGET [EXCLUDED PATTERN...]
unpack_wheels() {
    local wheel log from=$1 to=$2
    shift 2
    log=$(mktemp)
    mkdir -p "$to"
    for wheel in "$from"/*.whl; do
        unzip -q -o "$wheel" -d "$to" ${@:+-x "$@"} >"$log" 2>&1 || explain_failure "$log" "could not unpack $(basename "$wheel")"
    done
    rm -f "$log"
}

# is_whole TARGET KEY: whether the folder is what KEY stands for, as its file .complete says. KEY empty: the folder's
# name says so.
is_whole() {
    if [ -n "$2" ]; then [ "$(cat "$1/.complete" 2>/dev/null)" = "$2" ]; else [ -d "$1" ]; fi
}

# fetch_whole TARGET KEY MIB WHAT LIST FILL: the folder TARGET of the cache is_whole when this returns. The wheels of
# LIST are downloaded for it, and "FILL WORK" makes WORK/tree of WORK/wheels, in a subshell that has the cache to
# itself. The folder appears whole, under its final name, or not at all. MIB is what it takes.
fetch_whole() {
    local target=$1 key=$2 mib=$3 what=$4 list=$5 fill=$6
    is_whole "$target" "$key" && return 0
    (
        lock_cache
        is_whole "$target" "$key" && exit 0
        need_space "$CACHE" "$mib" "fetching ${what%% (*}"
        say "Fetching $what"
        work=$(mktemp -d "$CACHE/fetch.XXXXXX")
        trap 'rm -rf "$work"' EXIT
        download_wheels "$list" "$work/wheels"
        "$fill" "$work"
        if [ -n "$key" ]; then echo "$key" >"$work/tree/.complete"; fi
        mkdir -p "$(dirname "$target")"
        if [ -e "$target" ]; then mv "$target" "$work/old"; fi
        mv "$work/tree" "$target"
    )
}

# ensure_torch: $TORCH_ROOT/{torch/{include,lib},nvidia/cu13/lib}, as cmake/FindMantissaTorch.cmake expects it.
ensure_torch() {
    fetch_whole "$TORCH_ROOT" "$(key_of "$PACKAGING/pypi-libtorch.txt")" 2500 \
        "libtorch $TORCH_VERSION (560 MB, once for all checkouts)" pypi-libtorch.txt fill_torch
}
fill_torch() {
    say "Unpacking libtorch"
    unpack_wheels "$1/wheels" "$1/tree" 'torch/bin/protoc*'
}

# ensure_vocabulary: $CLIP_ROOT/bpe_simple_vocab_16e6.txt.gz, as cmake/FindMantissaClipVocabulary.cmake expects it.
ensure_vocabulary() {
    fetch_whole "$CLIP_ROOT" "$(key_of "$PACKAGING/pypi-clip.txt")" 20 \
        "CLIP's vocabulary (1.5 MB, once for all checkouts)" pypi-clip.txt fill_vocabulary
}
fill_vocabulary() {
    mkdir "$1/tree"
    unzip -q -j "$1"/wheels/*.whl open_clip/bpe_simple_vocab_16e6.txt.gz -d "$1/tree" >"$1/log" 2>&1 \
        || explain_failure "$1/log" "could not unpack CLIP's vocabulary"
}

# ensure_torch_cuda: the other CUDA libraries beside libtorch, so that libtorch_cuda.so can be loaded.
ensure_torch_cuda() {
    local key stamp=$TORCH_ROOT/.complete-cuda
    ensure_torch
    key=$(key_of "$PACKAGING/pypi-libtorch.txt" "$PACKAGING/pypi-cuda.txt")
    [ "$(cat "$stamp" 2>/dev/null)" = "$key" ] && return 0
    (
        lock_cache
        need_space "$CACHE" 7000 "fetching the CUDA libraries"
        say "Fetching the CUDA libraries of libtorch (2 GB, once for all checkouts)"
        work=$(mktemp -d "$CACHE/cuda.XXXXXX")
        trap 'rm -rf "$work"' EXIT
        download_wheels pypi-cuda.txt "$work/wheels"
        unpack_wheels "$work/wheels" "$work/tree"
        cp -alf "$work/tree/nvidia/." "$TORCH_ROOT/nvidia/"
        echo "$key" >"$stamp"
    )
}

# ensure_oracle: sets ORACLE_DIR, a folder for PYTHONPATH in which comfy_kitchen and the references of the picture
# metrics can be imported without a GPU.
ensure_oracle() {
    ensure_torch
    ORACLE_DIR=$CACHE/oracle/$(key_of "$PACKAGING/pypi-libtorch.txt" "$PACKAGING/pypi-oracle.txt" "$PACKAGING/oracle_stand_ins.sh")
    fetch_whole "$ORACLE_DIR" "" 1400 \
        "comfy-kitchen and scikit-image, the tests' independent judges (150 MB, once for all checkouts)" \
        pypi-oracle.txt fill_oracle
}
fill_oracle() {
    # Hard links: libtorch is on the disk once. The stand-ins must never reach the real tree.
    mkdir -p "$1/tree/nvidia/cu13/lib"
    cp -al "$TORCH_ROOT/torch" "$TORCH_ROOT/torchgen" "$1/tree/"
    cp -al "$TORCH_ROOT"/nvidia/cu13/lib/libcudart.so* "$TORCH_ROOT"/nvidia/cu13/lib/libcupti.so* "$1/tree/nvidia/cu13/lib/"
    unpack_wheels "$1/wheels" "$1/tree"
    "$PACKAGING/oracle_stand_ins.sh" "$1/tree"
    PYTHONPATH=$1/tree "$PYTHON" -c 'import comfy_kitchen.tensor, flip_evaluator, pytorch_msssim, skimage.metrics' \
        || die "comfy-kitchen or scikit-image cannot be imported by $PYTHON." "Debian 12's python3 (3.11) is needed."
}

# ensure_clang_tidy: sets CLANG_TIDY, the program that packaging/lint reads with.
ensure_clang_tidy() {
    local root
    root=$CACHE/clang-tidy/$(key_of "$PACKAGING/pypi-lint.txt")
    # shellcheck disable=SC2034 # for packaging/lint
    CLANG_TIDY=$root/clang_tidy/data/bin/clang-tidy
    fetch_whole "$root" "" 300 "clang-tidy (50 MB, once for all checkouts)" pypi-lint.txt fill_clang_tidy
}
fill_clang_tidy() {
    unpack_wheels "$1/wheels" "$1/tree"
    chmod +x "$1/tree/clang_tidy/data/bin/clang-tidy"
}

# jobs: one compiler for each core, and 1.5 GiB of memory for each compiler (a file that includes torch takes 1.2).
jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable/ {print int($2 / 1572864)}' /proc/meminfo)
    [ "$memory" -ge 1 ] || memory=1
    echo $((cores < memory ? cores : memory))
}

# build [-D OPTION]... [TARGET...]: preset release. CMake is configured anew only when the options change; ninja itself
# notices changed CMake files.
build() {
    local options=() key log
    while [ "${1:-}" = -D ]; do
        options+=("-D$2")
        shift 2
    done
    key="${options[*]} torch=$(cat "$TORCH_ROOT/.complete") clip=$(cat "$CLIP_ROOT/.complete")"
    if [ ! -f "$BUILD_DIR/build.ninja" ] || [ "$(cat "$BUILD_DIR/.set-up" 2>/dev/null)" != "$key" ]; then
        need_space "$SOURCE_DIR" 1500 "building"
        say "Configuring in build/release"
        log=$(mktemp)
        (cd "$SOURCE_DIR" && cmake --preset release "${options[@]}") >"$log" 2>&1 \
            || { cat "$log" >&2; die "CMake could not configure the build."; }
        rm -f "$log"
        echo "$key" >"$BUILD_DIR/.set-up"
    fi
    say "Building in build/release"
    NINJA_STATUS='[%f/%t, %es] ' ninja -C "$BUILD_DIR" -j "$(jobs)" "$@" >&2 \
        || die "the build failed." "The compiler's messages are above."
}
