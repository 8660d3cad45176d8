# Sourced by the scripts next to it and by the benchmarks, which say in $here where they and their requirements are and
# in $kept where environments are kept.

# An environment with exactly these packages, made once and kept with the build until the packages change.
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
