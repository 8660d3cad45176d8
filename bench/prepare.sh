# Sourced by the scripts next to it, which say in $here where they are.

source "$here/../tests/support/environment.sh"

# The function as it ships, and the simulator. One by one, or Cargo would build the function with what only the simulator
# asks of their common dependencies.
build_release() {
    local package
    for package in aws-sim guardduty-onboarding; do
        cargo build --quiet --release --locked --bins --package "$package" --manifest-path "$root/Cargo.toml"
    done
}

# Runs one of the Python files in this shell's place. What it shares with the tests is found from the root.
measure() {
    local environment=$1 file=$2
    shift 2
    export PYTHONPATH="$root"
    export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
    export NO_PROXY=127.0.0.1
    exec "$kept/$environment/bin/python" "$here/$file" "$@"
}
