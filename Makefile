# Årshjul: what to type. `make` alone lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install demo up down test check format lock docs kit bench bench-figures clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name it with PYTHON=..."; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-bench: tests/benchmarks/requirements.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/benchmarks/requirements.txt
	@touch $@

install: $(VENV)/.installed ## set up .venv and nothing else

demo: install ## play four months of Exempelkommun through a real Airflow, to the board; YEAR=1 a whole year
	@$(BIN)/python -m arshjul.orchestration.demo$(if $(YEAR),_year)

up: install ## leave Airflow running with the demo's result to click through
	@$(BIN)/python -m arshjul.orchestration.demo up

down: ## stop everything that demo or up started
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m arshjul.orchestration.demo down; fi

test: $(VENV)/.installed-dev ## all tests, the real scheduler included
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(PYTEST)

check: $(VENV)/.installed-dev ## format, lint, types, import rules, generated docs, house rules; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=plugins $(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yaml
	$(BIN)/python -m pytest -q tests/house

format: $(VENV)/.installed-dev ## format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.installed-dev ## write the generated pages again
	$(BIN)/python -m tests.house.generated_pages

kit: $(VENV)/.installed ## write what senders are handed: the checker as one file, and Excel templates
	@$(BIN)/python -m arshjul.kit.build dist/avsandare

ROWS   := 100000
ROUNDS := 5
bench: $(VENV)/.installed-bench ## how fast a file is received, beside COPY, pandas and dlt (ROWS=1000000 ROUNDS=5 BENCH=--costs)
	$(BIN)/python -m tests.benchmarks --rows $(ROWS) --rounds $(ROUNDS) $(BENCH)

ENROLMENTS := 50000
ATTENDANCE := 1000000
bench-figures: $(VENV)/.installed-bench ## how fast a year's figures are computed, beside DuckDB (ENROLMENTS=1000000 ATTENDANCE=20000000)
	$(BIN)/python -m tests.benchmarks.figures --enrolments $(ENROLMENTS) --attendance $(ATTENDANCE) --rounds $(ROUNDS) $(BENCH)

lock: ## compile the lock files from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --no-annotate --generate-hashes --custom-compile-command "make lock" -q pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --no-annotate --generate-hashes --custom-compile-command "make lock" -q --group dev -c requirements.txt -o requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --no-annotate --generate-hashes --custom-compile-command "make lock" -q --group bench -c requirements.txt -o tests/benchmarks/requirements.txt

clean: down ## stop everything and remove what was made (the home with all data, and .venv)
	rm -rf .arshjul $(VENV)
