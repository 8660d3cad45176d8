#!/usr/bin/env bash
# Tries what dist/build.sh made for this machine's processor. Needs Python and PyPI. What is given to it goes to pytest:
# `archive.sh --built FILE` also compares the function with that program.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment tools requirements.txt constraints.txt

exec "$kept/tools/bin/python" -m pytest "$here/archive" --out "$root/dist/out" "$@"
