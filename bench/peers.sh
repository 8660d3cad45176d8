#!/usr/bin/env bash
# Onboards the same fleet by our function and by cloud-custodian's c7n-guardian. Needs what building the function needs,
# Python and PyPI. The first build takes some minutes. `peers.sh --help` lists the flags.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/prepare.sh"

environment peers peers-requirements.txt peers-constraints.txt
build_release
measure peers peers.py "$target/release" "$@"
