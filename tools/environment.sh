#!/bin/sh
# Makes .venv, or brings it up to date: `sh tools/environment.sh` for running, `sh tools/environment.sh dev` for the tests too.
# uv does it where there is one, else python3 with venv and pip. Versions are those of constraints.txt.
set -eu
cd "$(dirname "$0")/.."
group=${1:-}
python=.venv/bin/python

suitable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

requirements() {
    "$python" -c 'import sys, tomllib
groups = tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]
print(*groups[sys.argv[1]], sep="\n")' "$group"
}

# uv reads no pip configuration: where the packages come from an index that only pip knows, pip has to do it.
with_uv() {
    suitable "$python" || uv venv --quiet --clear --python '>=3.11' .venv || return 1
    uv pip install --quiet --python "$python" --constraint constraints.txt --editable . ${group:+--group "$group"}
}

with_pip() {
    if ! suitable "$python"; then
        for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
            if suitable "$name"; then
                found=$name
                break
            fi
        done
        if [ -z "${found:-}" ]; then
            echo "Python 3.11 or newer is needed, and none was found: install it, or uv (https://docs.astral.sh/uv/)." >&2
            exit 1
        fi
        "$found" -m venv --clear .venv || {
            echo "$found has no working venv module: install it (Debian, Ubuntu: apt install python3-venv), or uv." >&2
            exit 1
        }
    fi
    "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null
    if [ -n "$group" ]; then
        requirements > .venv/requirements.txt
    else
        : > .venv/requirements.txt
    fi
    "$python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . \
        --requirement .venv/requirements.txt
}

if command -v uv >/dev/null 2>&1; then
    with_uv || {
        echo "uv could not do it; trying pip" >&2
        with_pip
    }
else
    with_pip
fi
