#!/usr/bin/env bash
# Deploys the stack with the Terraform module on moto, upgrades it and takes it down. Needs Python, PyPI, Terraform and its
# provider for AWS, and neither an AWS account nor credentials. What is given to it goes to pytest.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../support/environment.sh"

environment motion motion/requirements.txt motion/constraints.txt

# It replaces this shell, so that a signal reaches Python, which then stops what it started.
exec "$kept/motion/bin/python" -m pytest --exitfirst -rs "$here/terraform" "$@"
