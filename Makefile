# openpeel: every command that people and machines use here. `make` alone lists them.
# Written for GNU make 3.81 and newer, and for any Python from 3.11 on: make PYTHON=python3.13 test

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
LOCKED := $(PIP) --only-binary :all: --require-hashes
BROWSER := command -v chromium || command -v chromium-browser || command -v google-chrome

# Stamps: a step is done again only when its lock or pyproject.toml is newer than they are.
PYTHON_READY := $(VENV)/.openpeel-python
RUN_READY    := $(VENV)/.openpeel-run
DEV_READY    := $(VENV)/.openpeel-dev
WEB_READY    := $(VENV)/.openpeel-web
SPARK_READY  := $(VENV)/.openpeel-spark

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long test-web test-postgres test-spark check format lock bench clean

help: ## this list
	@echo "openpeel: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

setup: $(DEV_READY) ## put openpeel, its tests and its checks into .venv, from the locks
	@echo "openpeel is ready in $(VENV)."

demo: $(RUN_READY) ## a made-up nation of 43 forces, its figures and a report: in the folder demo
	@$(BIN)/openpeel demo demo --again

test: $(DEV_READY) ## all tests but those that take minutes and those that need a browser
	@$(BIN)/python -m pytest tests --ignore=tests/web --ignore=tests/engines -m "not long" -n 2

test-long: $(DEV_READY) ## the tests that take minutes
	@$(BIN)/python -m pytest tests --ignore=tests/web --ignore=tests/engines -m long -n 2 || [ $$? -eq 5 ]  # 5: there are none

test-web: $(DEV_READY) ## pages in a real browser; as root on Debian, installs Chromium; skipped without one
	@if ! { $(BROWSER); } >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium from Debian's packages."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -qq -y --no-install-recommends chromium fonts-liberation >/dev/null || true; \
	fi
	@if ! ls tests/web/test_*.py >/dev/null 2>&1; then \
	  echo "test-web: there are no such tests yet."; \
	elif browser=$$({ $(BROWSER); }); then \
	  $(MAKE) $(WEB_READY) && OPENPEEL_BROWSER="$$browser" $(BIN)/python -m pytest tests/web; \
	else \
	  echo "test-web: skipped, there is no Chromium on this machine and it cannot be installed from here."; \
	fi

test-postgres: $(DEV_READY) ## people's work on PostgreSQL; as root on Debian, installs it; skipped without it
	@if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	    && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing PostgreSQL from Debian's packages."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -qq -y --no-install-recommends postgresql >/dev/null || true; \
	fi
	@$(BIN)/python tools/with_postgres.py $(BIN)/python -m pytest tests/casework tests/postgres -n 2

test-spark: $(DEV_READY) ## the same cubes by Spark and by DuckDB; skipped without Java
	@if command -v java >/dev/null; then \
	  $(MAKE) $(SPARK_READY) && $(BIN)/python -m pytest tests/engines; \
	else \
	  echo "test-spark: skipped, there is no Java on this machine."; \
	fi

check: $(DEV_READY) ## style, types, and who may import whom
	@wrong=0; \
	try() { what=$$1; shift; \
	  if out=$$("$$@" 2>&1); then echo "$$what: ok"; else echo "$$what:"; echo "$$out"; wrong=1; fi; }; \
	try lint $(BIN)/ruff check --quiet --no-cache .; \
	try "layout (make format mends it)" $(BIN)/ruff format --check .; \
	try types $(BIN)/mypy; \
	try imports $(BIN)/lint-imports --no-logo; \
	exit $$wrong

format: $(DEV_READY) ## mend what can be mended by itself: layout, order of imports
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

lock: ## write the locks in requirements/ anew; UPGRADE=1 takes the newest versions
	@$(PYTHON) tools/lock.py $(if $(UPGRADE),--upgrade)

bench: $(DEV_READY) ## the timings in bench/, one script after another
	@for script in bench/*.py; do \
	  if [ -e "$$script" ]; then echo "== $$script"; $(BIN)/python "$$script" || exit 1; \
	  else echo "bench: nothing to time yet"; fi; \
	done

clean: ## remove .venv and all caches (a demo nation stays)
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------------------------------ set-up

$(PYTHON_READY):
	@command -v $(PYTHON) >/dev/null || { \
	  echo "openpeel needs Python 3.11 or newer and finds no $(PYTHON): install it, or name one:" \
	       "make PYTHON=/path/to/python3 ..." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "openpeel needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
	       "Name a newer one: make PYTHON=python3.13 ..." >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUN_READY): $(PYTHON_READY) requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Putting openpeel into $(VENV) (about a minute the first time)."
	@$(LOCKED) -r requirements/build.txt -r requirements/run.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(DEV_READY): $(RUN_READY) requirements/dev.txt
	@echo "Putting its tests and checks into $(VENV)."
	@$(LOCKED) -r requirements/dev.txt
	@touch $@

$(WEB_READY): $(DEV_READY) requirements/web.txt
	@echo "Putting the browser tests' needs into $(VENV)."
	@$(LOCKED) -r requirements/web.txt
	@touch $@

# PySpark is published as source alone, which the setuptools of the same lock makes a package of.
$(SPARK_READY): $(DEV_READY) requirements/spark.txt
	@echo "Putting PySpark into $(VENV) (some minutes the first time)."
	@awk '/^[a-z]/ { wanted = /^setuptools==/ } wanted' requirements/spark.txt > $(VENV)/setuptools.txt
	@$(LOCKED) -r $(VENV)/setuptools.txt
	@$(PIP) --require-hashes --no-deps --no-build-isolation -r requirements/spark.txt
	@touch $@
