#!/bin/sh
# Makes the environment from hash-pinned requirements: environment.sh PYTHON VENV REQUIREMENTS
set -eu
python=$1 venv=$2 requirements=$3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12 …" >&2; exit 1; }
if command -v uv >/dev/null 2>&1; then
  [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
  uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "$requirements"
  uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --offline -e .
else
  [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
fi
