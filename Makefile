# Two targets are all that a stranger needs: 'make demo' and 'make test'. Both install what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DASHBOARD ?= 1
WORKERS ?= 3

.PHONY: demo test lint types imports tests screenshots bench install install-dev clean
.DEFAULT_GOAL := demo

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.installed

# The real pipeline over loopback on the bundled, invented corpus; then the dashboard, unless DASHBOARD=0.
demo: $(VENV)/.installed
	$(BIN)/tracker demo $(if $(filter 0,$(DASHBOARD)),--no-dashboard)

test: lint types imports tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

# A file's tests share what they set up, so a file stays with one worker, slow folders first. Three workers keep two
# cores at work, since tests of time limits and browsers wait a third of theirs. What the many processes import is
# compiled once, whatever the environment says.
tests: export PYTHONDONTWRITEBYTECODE =
tests: $(VENV)/.installed-dev
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Pictures of every page of the dashboard on the demonstration, at two widths and in both themes.
screenshots: $(VENV)/.installed-dev
	$(BIN)/tracker demo --no-dashboard
	mkdir -p build
	$(BIN)/tracker --home demo coding export build/coding-sample.xlsx --n 20
	$(BIN)/python -m dashboard.screenshots --home demo --output screenshots

# Ratios measured in one run each, as JSON too; an hour on a machine that does nothing else, 30 GB of disk. PAGES names
# labelled pages (benchmarks/extract.py says in what form), RIVALS a Python that has other libraries to compare with
# (benchmarks/rivals.py says which; without them they are left out).
RIVALS ?= $(BIN)/python
MEASURED := build/benchmarks
bench: $(VENV)/.installed-dev
	@test -n "$(PAGES)" || { echo "name labelled pages: make bench PAGES=FOLDER/pages.jsonl"; exit 2; }
	mkdir -p $(MEASURED)
	$(BIN)/python -m benchmarks.extract $(PAGES) --json $(MEASURED)/extract.json
	$(BIN)/python -m benchmarks.score $(PAGES) --json $(MEASURED)/score.json
	$(BIN)/python -m benchmarks.pipeline $(PAGES) --json $(MEASURED)/pipeline.json
	$(BIN)/python -m benchmarks.rivals $(PAGES) --python $(RIVALS) --json $(MEASURED)/rivals.json
	$(BIN)/python -m benchmarks.collect --json $(MEASURED)/collect.json
	$(BIN)/python -m benchmarks.warc_set $(MEASURED)/set --records 12000 --files 60 --share 1 --pages $(PAGES)
	$(BIN)/python -m benchmarks.workers $(MEASURED)/set $(MEASURED)/workers --json $(MEASURED)/workers.json
	$(BIN)/python -m benchmarks.growth $(MEASURED)/homes --json $(MEASURED)/growth.json
	$(BIN)/python -m benchmarks.pages $(MEASURED)/homes/100000 --json $(MEASURED)/pages.json
	@echo "into docs/performance.md: cp -p $(MEASURED)/*.json benchmarks/measured/ && $(BIN)/python -m benchmarks.performance"

clean:
	rm -rf $(VENV) demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
