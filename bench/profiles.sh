#!/usr/bin/env bash
# Builds our function with several release profiles, and measures each. Needs what building the function needs, Python
# and PyPI. Each profile's first build takes some minutes. `profiles.sh --help` lists the flags.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/prepare.sh"

environment start requirements.txt constraints.txt
build_release
measure start profiles.py "$target" "$@"
