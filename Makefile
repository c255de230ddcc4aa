# Everything here makes its own environment first: Python 3.11 or newer with venv, make and git are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test check bench docs constraints clean

help:
	@echo "make demo         the whole chain on a sample set, in the folder curator-demo/"
	@echo "make test         all tests that this machine can run   (ARGS='-k store' picks some)"
	@echo "make check        format, lint, types, import contracts, generated docs"
	@echo "make bench        how long things take here"
	@echo "make docs         write the generated parts of docs/"
	@echo "make constraints  pin what the environment holds now"
	@echo "make clean        remove what make made"

demo: $(READY)
	$(BIN)/curator demo demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python docs/make_cli.py --check

bench: $(READY)
	@for script in benchmarks/curate.py benchmarks/fid_bias.py benchmarks/glide.py; do $(BIN)/python $$script || exit 1; done

docs: $(READY)
	$(BIN)/python docs/make_cli.py

constraints: $(READY)
	$(BIN)/python -m pip freeze --all --exclude-editable | grep -v '^pip==' > constraints.txt

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info curator-demo .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
