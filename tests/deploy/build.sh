#!/usr/bin/env bash
# Makes what a release has and builds the function as an operator does, with `sam build`: both have to be the same program,
# and one that can run in Lambda. Needs Rust, a C compiler, Python and PyPI. The first build takes some minutes; Cargo
# keeps what it made, as always.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

# Whoever built for arm64, or with another compiler, wants to keep that; this checks the defaults.
unset CARGO_LAMBDA_COMPILER

cd "$root"
before=$(cksum Cargo.lock)
bash dist/build.sh --without-records

environment tools requirements.txt constraints.txt
python="$kept/tools/bin/python"
# cargo-lambda asks the first python3 for its compiler and linker, zig. With the one that dist/build.sh has used, Cargo
# need not build everything once more.
export PATH="$target/dist/tools/bin:$kept/tools/bin:$PATH" SAM_CLI_TELEMETRY=0
sam build --build-dir "$kept/build"
[ "$(cksum Cargo.lock)" = "$before" ] || {
    echo "Cargo.lock was not up to date: the build has changed it" >&2
    exit 1
}
"$python" "$here/built.py" "$kept/build/Function"
bash "$here/archive.sh" --built "$kept/build/Function/bootstrap" "$@"
