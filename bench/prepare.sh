# Sourced by the scripts next to it, which say in $here where they are.

target="${CARGO_TARGET_DIR:-$here/../target}"
kept="$target/bench"

source "$here/../tests/deploy/environment.sh"

# The function as it ships, and the simulator. One by one, or Cargo would build the function with what only the simulator
# asks of their common dependencies.
build_release() {
    local package
    for package in aws-sim guardduty-onboarding; do
        cargo build --quiet --release --locked --bins --package "$package" --manifest-path "$here/../Cargo.toml"
    done
}

# Runs one of the Python files in this shell's place. What it shares with the walk on emulators is found there.
measure() {
    local environment=$1 file=$2
    shift 2
    export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here/../tests/deploy/motion"
    export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
    export NO_PROXY=127.0.0.1
    exec "$kept/$environment/bin/python" "$here/$file" "$@"
}
