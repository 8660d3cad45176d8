#!/usr/bin/env bash
# Checks the deployment templates. Needs Python and PyPI, and neither an AWS account nor credentials.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kept="${CARGO_TARGET_DIR:-$here/../../target}/deploy"

# An environment with exactly these packages, made once and kept with the build until the packages change.
environment() {
    local name=$1 requirements=$2 constraints=$3
    local folder="$kept/$name"
    local wanted
    wanted=$(cat "$here/$requirements" "$here/$constraints")
    if [ "$(cat "$folder/installed.txt" 2>/dev/null)" != "$wanted" ] || ! "$folder/bin/python" -c '' 2>/dev/null; then
        python3 -m venv --clear "$folder"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
            --requirement "$here/$requirements" --constraint "$here/$constraints"
        echo "$wanted" >"$folder/installed.txt"
    fi
}

environment tools requirements.txt constraints.txt
environment checkov checkov-requirements.txt checkov-constraints.txt

export PYTHONDONTWRITEBYTECODE=1
"$kept/tools/bin/python" "$here/patterns.py"
"$kept/tools/bin/python" "$here/lint.py" "$kept/checkov/bin"
