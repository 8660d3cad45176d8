#!/usr/bin/env bash
# Installs with Cargo what tools.txt names, each in its exact version and with its flags; `tools.sh cargo-deny` that one
# alone, `tools.sh --check cargo-about cargo-cyclonedx` nothing: it says which of them is missing, and how to install it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The version that is here, or nothing.
version_of() {
    local program
    case $1 in
    # It passes the flag on to cargo.
    cargo-auditable)
        program=$(command -v "$1") &&
            cargo install --list --root "$(dirname "$(dirname "$program")")" | sed -n "s/^$1 v\([^ :]*\).*/\1/p"
        ;;
    *) cargo "${1#cargo-}" --version 2>/dev/null | awk '{ print $NF }' ;;
    esac
}

check=
if [ "${1:-}" = --check ]; then
    check=1
    shift
fi
wanted=("$@")
if [ "${#wanted[@]}" -eq 0 ]; then
    mapfile -t wanted < <(cut -d " " -f 1 "$here/tools.txt")
fi

missing=0
for tool in "${wanted[@]}"; do
    if ! line=$(grep "^$tool " "$here/tools.txt"); then
        echo "$tool is not in dist/tools.txt" >&2
        exit 1
    fi
    read -r _ version flags <<<"$line"
    # Flags are several words.
    # shellcheck disable=SC2206
    install=(cargo install "$tool" --version "=$version" --locked $flags)
    if [ -z "$check" ]; then
        "${install[@]}"
        continue
    fi
    found=$(version_of "$tool" || true)
    if [ "$found" != "$version" ]; then
        echo "$tool $version is needed, and ${found:-no version of it} is here: ${install[*]}" >&2
        missing=1
    fi
done
exit "$missing"
