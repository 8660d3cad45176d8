#!/usr/bin/env bash
# Checks the deployment templates. Needs Python and PyPI, and neither an AWS account nor credentials.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment tools requirements.txt constraints.txt
environment checkov checkov-requirements.txt checkov-constraints.txt

export PYTHONPATH="$root"
"$kept/tools/bin/python" "$here/shape.py"
"$kept/tools/bin/python" "$here/perimeter.py"
"$kept/tools/bin/python" "$here/patterns.py"
"$kept/tools/bin/python" "$here/way.py"
"$kept/tools/bin/python" "$here/lint.py" "$kept/checkov/bin"
