#!/usr/bin/env bash
# Print the lock file for pip, without uv itself and without us: it is for where uv cannot be had.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/uv export --frozen --quiet --no-emit-project --no-emit-package uv --no-header --format requirements.txt
