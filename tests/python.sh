#!/usr/bin/env bash
# Lints the Python here and checks its format. Needs Python and PyPI.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/deploy" && pwd)
source "$here/../support/environment.sh"

environment tools requirements.txt constraints.txt

cd "$root"
"$kept/tools/bin/ruff" check
"$kept/tools/bin/ruff" format --check
