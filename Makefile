# `make` sets up a virtual environment and runs the main job; `make test` sets up and runs the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
STUDIO := .venv-label-studio
LABEL_STUDIO := 1.23.2
PACKAGES := src/rift/session/studio/requirements.txt

.PHONY: all reproduce test test-all studio lint format readme wheel wheel-test lock bench clean

all: reproduce

reproduce: $(READY)
	$(BIN)/rift reproduce

test: $(READY)
	$(BIN)/pytest --cov --cov-report=term

# With those that need a real Label Studio, which gets an environment of its own.
test-all: $(READY) $(STUDIO)/ready
	RIFT_LABEL_STUDIO=$(CURDIR)/$(STUDIO)/bin $(BIN)/pytest --cov --cov-report=term

studio: $(STUDIO)/ready

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# The outputs that README.md and its like show; set RIFT_SOURCES and RIFT_TEST_KEY, as the board there has all splits.
readme: $(READY)
	$(BIN)/python docs/refresh_readme.py

wheel: $(READY)
	rm -rf dist
	$(BIN)/python -m build --no-isolation

# The wheel alone, in an empty environment, in a folder from which the repository cannot be reached.
wheel-test: wheel
	tests/wheel.sh $(PYTHON)

# Speed beside other scorers, and the coverage of the intervals: some ten minutes on a quiet machine.
bench: $(READY)
	$(BIN)/python benchmarks/score.py
	$(BIN)/python benchmarks/coverage.py
	$(BIN)/python benchmarks/start.py

# Pins for every platform and for Python 3.11 to 3.14; needs `uv`.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock
	echo label-studio==$(LABEL_STUDIO) | uv pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --quiet --output-file $(PACKAGES)

$(READY): requirements.lock pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "RIFT needs Python 3.11 or later; name one: make PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $(READY)

$(STUDIO)/ready: $(PACKAGES)
	$(PYTHON) -m venv --clear $(STUDIO)
	$(STUDIO)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement $(PACKAGES)
	touch $(STUDIO)/ready

clean:
	rm -rf $(VENV) $(STUDIO) build dist
