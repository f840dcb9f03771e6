# What can be done here: `make help`. Every target does its own set-up; nothing is installed by hand.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The first Python of 3.11 or newer that is on the PATH.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
WORKERS ?= 3
ROWS ?= 100000 1000000 10000000
export MLFLOW_DISABLE_TELEMETRY := true
# What a run of tests compiles, the next one need not.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-all check coverage bench-help bench-github bench-chat bench-reports bench-measure calibrate format lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: .venv/.complete ## Make the virtual environment from the lock file

.venv/.complete: pyproject.toml uv.lock requirements.txt tools/setup.sh
	@PYTHON="$(PYTHON)" bash tools/setup.sh

demo: setup ## Play a model's promotion on real mortgage decisions, in a clean .gatehouse/
	@$(BIN)/mlops demo

test: setup ## Run the tests (no Node, Java or browser; under 8 minutes on two cores)
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-all: setup ## Run the tests that need more as well; it sets up what they need
	@WORKERS=$(WORKERS) bash tools/test-all.sh

check: setup ## Lint, types, import rules, packaging and the lock files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@bash tools/check-lock.sh
	@$(BIN)/pytest -q -p no:randomly tests/project

coverage: setup ## Fail unless the tests reach every branch of gates and policies
	@GATEHOUSE_FULL=1 $(BIN)/coverage run -m pytest -q tests/gates tests/policies tests/measure/drift
	@$(BIN)/coverage report -m --skip-covered --fail-under=100 --include='gates/*.py,policies/*' --omit='gates/measure/*'

bench-help: setup ## Time `mlops --help` against starting Python
	@$(BIN)/python tools/bench_help.py

bench-github: setup ## Count the requests that one promotion takes on GitHub
	@PYTHONPATH=. $(BIN)/python tools/bench_github.py

bench-chat: setup ## Time acknowledgements in Slack beside a bare bolt app
	@PYTHONPATH=. $(BIN)/python tools/bench_chat.py

bench-reports: setup ## Time a decision report in its four faces, without pictures and with them
	@PYTHONPATH=. $(BIN)/python tools/bench_reports.py

bench-measure: setup ## Time a full comparison beside its peers (ROWS="100000 1000000 10000000"); long
	@ROWS="$(ROWS)" $(BIN)/python tools/bench_measure.py

calibrate: setup ## Show by simulation that the intervals and answers hold; writes docs/calibration.md; long
	@PYTHONPATH=. $(BIN)/python tools/calibrate.py

format: setup ## Format the code
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format -q .

lock: setup ## Resolve dependencies anew and write both lock files
	@bash tools/lock.sh

clean: ## Remove everything that was made here
	rm -rf .venv .tools .gatehouse build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
