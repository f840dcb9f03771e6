#!/usr/bin/env bash
# Do pyproject.toml, uv.lock and requirements.txt say the same?
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv/bin/uv ]; then
  echo "lock: not checked, for uv cannot be had here"
  exit 0
fi
.venv/bin/uv lock --check --offline --quiet || .venv/bin/uv lock --check --quiet || { echo "uv.lock is not what pyproject.toml asks for: make lock" >&2; exit 1; }
diff -q <(bash tools/export-lock.sh) requirements.txt >/dev/null || { echo "requirements.txt is not what uv.lock says: make lock" >&2; exit 1; }
