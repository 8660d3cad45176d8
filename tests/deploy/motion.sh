#!/usr/bin/env bash
# Deploys the templates on emulators of AWS on this machine and puts lists and an event through the stack, with the real
# function. Needs what building the function needs, Python and PyPI, and neither an AWS account nor credentials.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment motion motion/requirements.txt motion/constraints.txt
cargo build --locked --workspace --bins --manifest-path "$root/Cargo.toml"

export PYTHONPATH="$root"
# In this shell's place, so that whoever stops the script stops Python, which then stops what it started.
exec "$kept/motion/bin/python" "$here/motion/walk.py" "$target/debug"
