#!/usr/bin/env bash
# Resolve anew: uv.lock is the truth, requirements.txt is the same for pip.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
"$uv" lock "$@"
bash tools/export-lock.sh > requirements.txt
