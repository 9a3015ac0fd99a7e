# Two commands for newcomers: `make serve` and `make test`. Both do all of their set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell tools/find_python.sh)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help serve test lint types contracts unit bench bench-quick bench-segmentation demo-models clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 28

serve: $(VENV)/.serve ## Set up, get a model profile, serve on 127.0.0.1:8000
	@$(BIN)/depesche models ensure
	@exec $(BIN)/depesche serve

test: $(VENV)/.dev lint types contracts unit ## Set up, then lint, types, import contracts and all tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

# Many tests wait for a real time-out of a real server, so there are more processes than cores.
unit: $(VENV)/.dev
	$(BIN)/pytest -n 3 --dist loadfile

bench: $(VENV)/.bench ## Depesche, its peers and the engine alone, side by side (MODEL=snapshot, CORPUS=file or folder)
	$(BIN)/python -m bench $(if $(MODEL),--model $(MODEL)) $(if $(CORPUS),--corpus $(CORPUS)) $(BENCH_OPTIONS)

bench-quick: $(VENV)/.serve ## A minute's look at speed on the demo model, against the recorded ratios
	$(BIN)/python -m bench.quick

bench-segmentation: $(VENV)/.dev ## Precision, recall and F1 of the segmenter (DATA=folder of newstest files)
	$(BIN)/python -m bench.segmentation $(if $(DATA),--data $(DATA))

demo-models: $(VENV)/.dev ## Train the demo models again, or only MODEL=id, and install them under model_cache/
	tools/make_demo_models.sh $(BIN) $(MODEL)

clean: ## Remove what set-up and tests made (installed models stay)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@tools/check_python.sh "$(PYTHON)"
	@echo "Depesche: making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.serve: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Depesche: installing pinned dependencies (a few minutes the first time)"
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@$(BIN)/python -m compileall -q service
	@touch $@

$(VENV)/.bench: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Depesche: installing pinned dependencies and what the benchmark needs (a few minutes the first time)"
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[bench]'
	@$(BIN)/python -m compileall -q service
	@touch $(VENV)/.serve $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Depesche: installing pinned dependencies and development tools (a few minutes the first time)"
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(VENV)/.serve $@
