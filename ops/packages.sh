# Sourced by the scripts beside it: finds out what a machine lacks and installs it with apt-get, or says what to install.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

missing=()

# want PACKAGE COMMAND...: the package is missing when the command fails.
want() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

# The directory of a PostgreSQL server's programs, version 14 or later.
postgres_programs() {
    local dir major
    while read -r dir; do
        [[ -x $dir/initdb && -x $dir/postgres ]] || continue
        major=$("$dir/postgres" --version | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
        [[ ${major:-0} -ge 14 ]] && printf '%s\n' "$dir" && return
    done < <(
        dirname "$(command -v initdb || echo /none/none)"
        pg_config --bindir 2>/dev/null || true
        printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
    )
    return 1
}

want_for_running() {
    want postgresql postgres_programs
    want fonts-noto-cjk test -e /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc
    want fonts-hanazono test -e /usr/share/fonts/truetype/hanazono/HanaMinA.ttf
    want fonts-babelstone-han test -e /usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf
    want gcc command -v cc
    want libc6-dev test -e /usr/include/stdio.h
}

want_for_judging() {
    want postgresql-client command -v psql
    want poppler-utils command -v pdfsig
    want libnss3-tools command -v certutil
    want qpdf command -v qpdf
    want mupdf-tools command -v mutool
    want zbar-tools command -v zbarimg
    want openssl command -v openssl
    want python3-venv python3 -c 'import ensurepip, venv'
}

as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif sudo -n true 2>/dev/null; then
        sudo -n "$@"
    elif command -v sudo >/dev/null && [[ -t 0 ]]; then
        sudo "$@"
    else
        return 1
    fi
}

# Installs what want found missing.
install_missing() {
    [[ ${#missing[@]} -gt 0 ]] || return 0
    local order="apt-get install ${missing[*]}" log
    command -v apt-get >/dev/null ||
        fail "This machine lacks: ${missing[*]} (names of Debian packages). There is no apt-get; install them and run this again."
    as_root true || fail "This machine lacks some packages and you are not root. Install them and run this again: $order"
    say "Installing ${missing[*]}"
    log=$(mktemp)
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "${missing[@]}")
    # A fresh machine has no package lists yet.
    if ! as_root "${install[@]}" >"$log" 2>&1; then
        if ! { as_root apt-get update && as_root "${install[@]}"; } >"$log" 2>&1; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            fail "Could not install them. Install them and run this again: $order"
        fi
    fi
    rm -f "$log"
    missing=()
}

# Cargo, also where a fresh rustup is not on the path of this shell yet.
need_cargo() {
    command -v cargo >/dev/null || PATH=$PATH:$HOME/.cargo/bin
    command -v cargo >/dev/null || fail "Rust is missing. Install its stable version from https://rustup.rs and run this again."
}

# Where cargo puts what it builds for the workspace in $root.
target_dir() {
    cargo metadata --manifest-path "$root/Cargo.toml" --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}
