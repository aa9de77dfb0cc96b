# `make chat` and `make test` each set up by themselves, once: nothing but Python, pip and make is needed.
PYTHON ?= python3
# setuptools warns of editable installs by half a page
QUIET := PYTHONWARNINGS=ignore
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools

.PHONY: help chat index test eval check format clean

help: ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1|/' | column -t -s '|'

chat: $(READY) ## index the sample articles and open the chat (ARTICLES=folder for your own)
	@$(BIN)/kutip serve $(if $(ARTICLES),--articles "$(ARTICLES)")

index: $(READY) ## bring the index up to date (ARTICLES=folder for your own)
	@$(BIN)/kutip index $(if $(ARTICLES),"$(ARTICLES)")

test: $(TOOLS) ## run the tests, fast ones first
	@$(BIN)/python -m pytest tests --ignore=tests/e2e
	@$(BIN)/python -m pytest tests/e2e

eval: $(READY) ## measure the answers to the sample questions; fail below their floors
	@$(BIN)/kutip eval seeds/questions.jsonl --articles seeds --fail-under seeds/floors.toml

check: $(TOOLS) ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(TOOLS) ## mend what the linter can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## delete the environment (the indexes and models in the cache stay)
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Kutip needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(READY): pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Setting up in $(VENV): a few minutes, once"
	@$(QUIET) $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(QUIET) $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@$(BIN)/python -m compileall -q app.py assistant chat index prompts # or the first start does it, or each one
	@touch $@

$(TOOLS): pyproject.toml constraints.txt $(READY)
	@echo "Installing what the tests need"
	@$(QUIET) $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev
	@touch $@
