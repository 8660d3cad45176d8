#!/usr/bin/env bash
# Makes everything that a release has, in dist/out:
#
#   guardduty-onboarding-<version>-<processor>.zip       the function
#   guardduty-onboarding-<version>-<processor>.tar.gz    the archive: function, templates, gdo, documents, records
#   stack-from-release-<processor>.yaml                  the stack for CloudFormation's console
#   SHA256SUMS                                           of these
#
# Needs Rust, a C compiler, Python and PyPI, and the tools that dist/records.sh names. `--without-records` leaves out what
# those make: the bill of materials, the licences, and the list of packages in the programs.
#
# RELEASE_ADDRESS is where the files will lie, if that is known: stack-from-release then needs nothing typed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../tests/support/environment.sh"
cd "$root"

with_records=1
if [ "${1:-}" = --without-records ]; then
    with_records=
elif [ $# -gt 0 ]; then
    sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 64
fi

environment tools requirements.txt
# In front, because cargo-lambda asks the first python3 for its compiler and linker, zig.
export PATH="$kept/tools/bin:$PATH" PYTHONPATH="$root"
# The same program whatever the machine has.
unset CARGO_LAMBDA_COMPILER RUSTFLAGS
if [ "$with_records" ]; then
    bash dist/records.sh --tools
    # This cargo writes into a program what is in it.
    export PATH="$root/dist/audited:$PATH"
fi

version=$(python3 -c 'import tomllib; print(tomllib.load(open("Cargo.toml", "rb"))["workspace"]["package"]["version"])')
host=$(rustc --version --verbose | sed -n 's/^host: //p')
[[ $host == *-linux-gnu ]] || {
    echo "dist/build.sh needs Linux with the GNU C library, and this is $host" >&2
    exit 1
}
out="$root/dist/out"
rm -rf "$out"
mkdir -p "$out"

announce() { echo "-- $*" >&2; }

# Not by way of cargo, which would have it call that very cargo again and not the first one on the PATH.
lambda_build() { env -u CARGO cargo-lambda lambda build --quiet "$@"; }

check_audited() {
    if [ "$with_records" ] && ! grep -qF .dep-v0 "$1"; then
        echo "$1 carries no list of its packages" >&2
        exit 1
    fi
}

build_function() {
    local processor=$1
    announce "the function for $processor"
    lambda_build --release --locked "--${processor/_/-}" --lambda-dir "$target/dist/$processor"
    local program="$target/dist/$processor/guardduty-onboarding/bootstrap"
    check_audited "$program"
    python3 -m dist.archive zip "$program" "$out/$(named "$processor").zip"
}

rust_target() {
    case $1 in
        x86_64) echo x86_64-unknown-linux-gnu ;;
        arm64) echo aarch64-unknown-linux-gnu ;;
    esac
}

named() { echo "guardduty-onboarding-$version-$1"; }

# For this machine's processor, and linked as the function is, so that it runs with an older C library than this machine's.
build_gdo() {
    announce "gdo for $host"
    # Otherwise cargo-lambda compiles for Lambda's own processors, and many a laptop has an older one.
    lambda_build --release --locked --disable-optimizations --package gdo --lambda-dir "$target/dist/programs"
    gdo="$target/dist/programs/gdo/bootstrap"
    check_audited "$gdo"
}

add_gdo() {
    local folder=$1
    install -D -m 755 "$gdo" "$folder/bin/gdo"
    mkdir -p "$folder/completions" "$folder/man"
    "$gdo" completions bash >"$folder/completions/gdo.bash"
    "$gdo" completions fish >"$folder/completions/gdo.fish"
    "$gdo" completions zsh >"$folder/completions/_gdo"
    "$gdo" man "$folder/man"
}

add_stack() {
    local processor=$1 folder=$2
    cp "$out/$(named "$processor").zip" "$folder/function.zip"
    local sum
    sum=$(sha256sum "$folder/function.zip" | cut -d ' ' -f 1)
    python3 -m dist.stack "$processor" "$folder/stack.yaml"
    local address="${RELEASE_ADDRESS:+$RELEASE_ADDRESS/$(named "$processor").zip}"
    python3 -m dist.from_release "$processor" "$sum" "$address" "$folder/stack-from-release.yaml"
    cp "$folder/stack-from-release.yaml" "$out/stack-from-release-$processor.yaml"
    cp -R templates "$folder"
    # Not what Terraform itself may have left there.
    install -D -m 644 -t "$folder/terraform" terraform/*.tf terraform/README.md
}

processors=()
for processor in x86_64 arm64; do
    if rustup target list --installed 2>/dev/null | grep -qx "$(rust_target "$processor")" || [ "$host" = "$(rust_target "$processor")" ]; then
        processors+=("$processor")
    else
        echo "$processor is left out: rustup target add $(rust_target "$processor")" >&2
    fi
done
if [ "${#processors[@]}" -eq 0 ]; then
    echo "no processor is left" >&2
    exit 1
fi

build_gdo
for processor in "${processors[@]}"; do
    build_function "$processor"
    folder="$out/$(named "$processor")"
    mkdir "$folder"
    add_stack "$processor" "$folder"
    # gdo is for this machine, so it is in the archive of its processor alone.
    [ "$host" != "$(rust_target "$processor")" ] || add_gdo "$folder"
    cp -R docs README.md SECURITY.md CHANGELOG.md LICENSE "$folder"
    [ -z "$with_records" ] || bash dist/records.sh "$folder"
    python3 -m dist.archive sums "$folder"
    python3 -m dist.archive tar "$folder" "$out/$(named "$processor").tar.gz"
    rm -rf "$folder"
done
python3 -m dist.archive sums "$out"
cat "$out/SHA256SUMS"
