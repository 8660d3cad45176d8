#!/usr/bin/env bash
# Checks the deployment templates. Needs Python and PyPI, and neither an AWS account nor credentials. What is given to it
# goes to pytest: `run.sh -k alarm` runs the tests of alarms alone, `run.sh -v` names each.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment tools requirements.txt constraints.txt
environment checkov checkov-requirements.txt checkov-constraints.txt

export CHECKOV="$kept/checkov/bin/checkov"
"$kept/tools/bin/python" -m pytest "$here"/test_*.py "$@"
