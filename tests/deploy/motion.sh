#!/usr/bin/env bash
# Deploys the templates on emulators of AWS on this machine and puts lists and an event through the stack, with the real
# function: the one that Cargo builds, or with `--archive FILE` that of a release's archive, deployed by the commands of
# docs/deploy.md. Needs what building the function needs, Python and PyPI, and neither an AWS account nor credentials. What is
# given to it goes to pytest: `motion.sh -v` names each step.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment motion motion/requirements.txt motion/constraints.txt
programs=(--package aws-sim)
# With an archive, its function is the one.
[[ " $* " == *" --archive"* ]] || programs+=(--package guardduty-onboarding)
cargo build --locked "${programs[@]}" --bins --manifest-path "$root/Cargo.toml"

# It replaces this shell, so that a signal reaches Python, which then stops what it started.
exec "$kept/motion/bin/python" -m pytest --exitfirst "$here/motion" --programs "$target/debug" "$@"
