# Sourced by the scripts that run Python. They say in $here where their requirements are.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target="${CARGO_TARGET_DIR:-$root/target}"
# Where environments are kept, with the build.
kept="$target/$(basename "$here")"

export PYTHONDONTWRITEBYTECODE=1

# An environment with exactly these packages, made once and kept until the packages change.
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
