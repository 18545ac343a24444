# The commands of the README and of CI. VENV names the environment that they use.
VENV ?= .venv
PYTHON ?= python3
# Keras backends to test besides the default: make test BACKENDS="jax torch"
BACKENDS ?=
BIN := $(VENV)/bin
# Two at a time, a file's tests together: most wait for a child process or use one core.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

.PHONY: help demo install test check docs clean

help:  ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

demo: $(BIN)/python  ## Read real pictures with the bundled model; installs what reading needs
	$(BIN)/pip install --quiet --editable .
	$(BIN)/scrawl read --one examples/digits
	$(BIN)/scrawl read examples/numbers

install: $(BIN)/python  ## Install scrawl with what training and the tests need
	$(BIN)/pip install --quiet --editable ".[dev]"
	$(if $(filter jax,$(BACKENDS)),$(BIN)/pip install --quiet jax)
	$(if $(filter torch,$(BACKENDS)),$(BIN)/pip install --quiet torch==2.13.0 onnxscript)

test: install  ## Install and run the tests
	$(PYTEST)

check: install  ## Lint, types, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST)

docs: install  ## Build the documentation as a site, in site/
	$(BIN)/python tools/commands.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:  ## Remove what the other commands made, but not runs
	rm -rf $(VENV) build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
