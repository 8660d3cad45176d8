#!/usr/bin/env bash
# Checks the deployment templates. Needs Python and PyPI, and neither an AWS account nor credentials.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kept="${CARGO_TARGET_DIR:-$here/../../target}/deploy"

source "$here/environment.sh"

environment tools requirements.txt constraints.txt
environment checkov checkov-requirements.txt checkov-constraints.txt

export PYTHONDONTWRITEBYTECODE=1
"$kept/tools/bin/python" "$here/shape.py"
"$kept/tools/bin/python" "$here/perimeter.py"
"$kept/tools/bin/python" "$here/patterns.py"
"$kept/tools/bin/python" "$here/way.py"
"$kept/tools/bin/python" "$here/lint.py" "$kept/checkov/bin"
