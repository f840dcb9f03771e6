#!/usr/bin/env bash
# Make .venv from the lock file: with uv (from PATH, or installed into .tools), or with pip where uv cannot be had.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${PYTHON:-}" ]; then
  echo "Gatehouse needs Python 3.11 or newer on the PATH; none was found. Set it: make PYTHON=/path/to/python3.12" >&2
  exit 1
fi
if ! git --version >/dev/null 2>&1; then
  echo "Gatehouse needs Git 2.38 or newer on the PATH; none was found." >&2
  exit 1
fi

find_uv() {
  if command -v uv >/dev/null 2>&1; then command -v uv; return; fi
  if [ ! -x .tools/bin/uv ]; then
    echo "Installing uv into .tools" >&2
    "$PYTHON" -m venv .tools >&2 && .tools/bin/python -m pip install -q --disable-pip-version-check 'uv>=0.13' >&2 || return 1
  fi
  echo .tools/bin/uv
}

echo "Making the virtual environment (.venv)" >&2
if uv=$(find_uv); then
  "$uv" sync --frozen --quiet --compile-bytecode --python "$PYTHON"
else
  echo "uv cannot be had here; installing the same locked versions with pip" >&2
  "$PYTHON" -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e .
fi
# Compiled once here, so that `mlops help` is quick also where Python may not write bytecode by itself.
.venv/bin/python -m compileall -q bot gates policies reports storage workflows
touch .venv/.complete
