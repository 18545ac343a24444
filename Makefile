# The commands of the README and of CI. VENV names the environment that they use.
VENV ?= .venv
PYTHON ?= python3
# Keras backends to test besides the default: make test BACKENDS="jax torch"
BACKENDS ?=
BIN := $(VENV)/bin
# Two at a time, a file's tests together: most wait for a child process or use one core.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
# make test INSTALLER=uv is minutes quicker; uv does not see the settings of pip.
INSTALLER ?= pip
pip := $(BIN)/pip install --quiet
uv := $(BIN)/uv pip install --quiet --python $(BIN)/python
# make test STRICT=1 fails for a skipped test that tests/skips.toml does not list.
STRICT ?=

.PHONY: help demo install test check lint dist versions docs weights clean

help:  ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

demo: $(BIN)/python  ## Read real pictures with the bundled model; installs what reading needs
	$(pip) --editable .
	$(BIN)/scrawl read --one examples/digits
	$(BIN)/scrawl read examples/numbers

install: $(BIN)/python  ## Install scrawl with what training and the tests need
	$(if $(filter uv,$(INSTALLER)),$(pip) uv)
	$($(INSTALLER)) --editable ".[dev]"
	$(if $(filter jax,$(BACKENDS)),$(pip) jax)
	$(if $(filter torch,$(BACKENDS)),$(pip) torch==2.13.0 onnxscript)

test: install  ## Install and run the tests
	$(PYTEST) $(if $(STRICT),--strict-skips)

check: BACKENDS = jax torch
check: STRICT = 1
check: test lint versions  ## All that CI runs: tests on every backend, with the site; lint, versions

lint: install  ## Lint, format, types, declared dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deptry src

dist: install  ## Build the sdist, and of it the wheel
	rm -rf dist
	$(BIN)/uv build --quiet --out-dir dist

versions: dist  ## Test the wheel on each Python, and on the lowest versions of dependencies
	PYENV_VERSION="$$(pyenv versions --bare 2>/dev/null | grep -E '^3\.1[123]\.' | paste -sd:)" $(BIN)/nox

docs: install  ## Build the documentation as a site, in site/
	$(BIN)/python tools/commands.py
	NO_MKDOCS_2_WARNING=1 SCRAWL_NOTEBOOKS=true $(BIN)/mkdocs build --strict --quiet

weights: install  ## Make the carried weights anew: hours; goes on where it was interrupted
	$(BIN)/python tools/weights.py $(if $(PRECISION),--precision $(PRECISION))

clean:  ## Remove what the other commands made, but not runs
	rm -rf $(VENV) build dist site .nox .pytest_cache .mypy_cache .ruff_cache .hypothesis
