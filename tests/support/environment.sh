# Sourced by the scripts that run Python. They say in $here where their requirements are.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target="${CARGO_TARGET_DIR:-$root/target}"
# Where environments are kept, with the build.
kept="$target/$(basename "$here")"

export PYTHONDONTWRITEBYTECODE=1

# An environment with exactly these packages, made once and kept until the packages change: the requirements, and if they do not
# pin everything themselves, constraints.
environment() {
    local name=$1 pinned=() file wanted
    for file in "${@:2}"; do
        pinned+=("$here/$file")
    done
    local folder="$kept/$name"
    wanted=$(cat "${pinned[@]}")
    if [ "$(cat "$folder/installed.txt" 2>/dev/null)" != "$wanted" ] || ! "$folder/bin/python" -c '' 2>/dev/null; then
        python3 -m venv --clear "$folder"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
            --requirement "${pinned[0]}" ${pinned[1]:+--constraint "${pinned[1]}"}
        echo "$wanted" >"$folder/installed.txt"
    fi
}
