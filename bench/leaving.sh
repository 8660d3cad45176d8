#!/usr/bin/env bash
# Lets the members of a list go, by our function and by AWS's disableguardduty.py, whose checkout the first argument names.
# Needs what building the function needs, Python and PyPI. The first build takes some minutes. `leaving.sh --help` lists
# the flags.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/prepare.sh"

environment start requirements.txt constraints.txt
build_release
measure start leaving.py "$target/release" "$@"
