#!/usr/bin/env bash
# Lets the same accounts go by our function and by AWS's own disableguardduty.py. Takes the path of a checkout of AWS's
# guardduty multi-account scripts, which are not part of this project. Needs what building the function needs, Python and
# PyPI. `leaving.sh --help` lists the flags.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/prepare.sh"

environment peers peers-requirements.txt peers-constraints.txt
build_release
measure peers leaving.py "$target/release" "$@"
