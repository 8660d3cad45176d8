#!/usr/bin/env bash
# Deploys the templates on emulators of AWS on this machine and puts lists and an event through the stack, with the real
# function. Needs what building the function needs, Python and PyPI, and neither an AWS account nor credentials. What is given to it goes to
# pytest: `motion.sh -v` names each step.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment motion motion/requirements.txt motion/constraints.txt
cargo build --locked --workspace --bins --manifest-path "$root/Cargo.toml"

# It replaces this shell, so that a signal reaches Python, which then stops what it started.
exec "$kept/motion/bin/python" -m pytest --exitfirst "$here/motion" --programs "$target/debug" "$@"
