#!/usr/bin/env bash
# Runs the copier of stack-from-release.yaml against an emulator of S3 and a web server on this machine. Needs Python and
# PyPI, and neither an AWS account nor credentials. What is given to it goes to pytest: `copier.sh -v` names each test.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment motion motion/requirements.txt motion/constraints.txt

# It replaces this shell, so that a signal reaches Python, which then stops what it started.
exec "$kept/motion/bin/python" -m pytest "$here/copier" "$@"
