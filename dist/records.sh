#!/usr/bin/env bash
# Writes into a folder what the function and gdo are made of: a CycloneDX bill of materials of each, and all licences.
# `records.sh <folder>` needs tools in the versions of tools.txt, and the network if the sources of a package are not there yet;
# `records.sh --tools` only says which of a release's tools are missing, and how to install them. Two runs over the same
# sources write the same bytes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
folder=${1:?usage: records.sh <folder>}

if [ "$folder" = --tools ]; then
    exec bash "$here/tools.sh" --check cargo-about cargo-auditable cargo-cyclonedx
fi
bash "$here/tools.sh" --check cargo-about cargo-cyclonedx

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cd "$root"

work=$(mktemp -d)
# cargo-cyclonedx writes beside the manifest of every member of the workspace.
beside=.records.cdx
tidy() {
    find . -name target -prune -o -name "$beside.json" -exec rm {} +
}
trap 'tidy; rm -rf "$work"' EXIT

packages() {
    local machine
    for machine in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu; do
        cargo tree --package "$1" --target "$machine" --edges normal,build --prefix none --no-dedupe --format '{p}' --locked
    done | awk '{ print $1, substr($2, 2) }' | sort -u
}

cargo cyclonedx --quiet --format json --spec-version 1.5 --target all --override-filename "$beside"
for program in guardduty-onboarding:. gdo:cli; do
    name=${program%:*}
    packages "$name" >"$work/$name"
    python3 "$here/sbom.py" "$work/$name" <"${program#*:}/$beside.json" >"$folder/$name.cdx.json"
done
tidy

# gdo has the function's library in it, and so its licences, too. Without the network: what a repository of a package has
# today is not what was packed then.
cargo fetch --quiet --locked
cargo about generate --frozen --fail --config "$here/about.toml" --manifest-path cli/Cargo.toml \
    --output-file "$folder/THIRD-PARTY-LICENSES.txt" "$here/about.hbs"
cut -d " " -f 1,2 "$here/packages.txt" | while read -r package; do
    if ! grep -qxF "  $package" "$folder/THIRD-PARTY-LICENSES.txt"; then
        echo "THIRD-PARTY-LICENSES.txt lacks $package" >&2
        exit 1
    fi
done
