#!/usr/bin/env bash
# Measures the command line next to the function, into bench/gdo.json, which docs/performance.md tells. Needs Python. The
# first build takes some minutes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../tests/support/environment.sh"

# One by one, or Cargo would build each with what only another asks of their common dependencies.
for package in aws-sim fleet gdo; do
    cargo build --quiet --release --locked --bins --package "$package" --manifest-path "$root/Cargo.toml"
done
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export NO_PROXY=127.0.0.1
exec python3 "$here/gdo.py" "$target/release" "$here/gdo.json"
