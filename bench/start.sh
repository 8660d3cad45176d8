#!/usr/bin/env bash
# Measures how our function starts, next to a small one in Python. Needs what building the function needs, Python and
# PyPI. The first build takes some minutes. `start.sh --help` lists the flags.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/prepare.sh"

environment start requirements.txt constraints.txt
build_release
measure start start.py "$target/release" "$@"
