#!/usr/bin/env bash
# Builds the function as an operator does, with `sam build`, and checks that what comes out can run in Lambda. Needs
# Rust, a C compiler, Python and PyPI. The first build takes some minutes; Cargo keeps what it made, as always.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment tools requirements.txt constraints.txt
# In front, because cargo-lambda asks the first python3 for its compiler and linker, zig.
export PATH="$kept/tools/bin:$PATH" SAM_CLI_TELEMETRY=0
# Whoever built for arm64, or with another compiler, wants to keep that; this checks the defaults.
unset CARGO_LAMBDA_COMPILER

cd "$root"
before=$(cksum Cargo.lock)
sam build --build-dir "$kept/build"
[ "$(cksum Cargo.lock)" = "$before" ] || {
    echo "Cargo.lock was not up to date: the build has changed it" >&2
    exit 1
}
python3 "$here/built.py" "$kept/build/Function"
