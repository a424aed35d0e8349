# `make` lists the targets. Python 3.11 or later and make are all that is needed.
.DEFAULT_GOAL := help
.PHONY: help environment run test check bench eval-matching eval-scope eval-findings eval-category eval-duplicates chaos containers clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE ?=

help: ## list the targets
	@grep -hE '^[a-z_-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/.run: requirements.txt pyproject.toml
	@deploy/environment.sh $(PYTHON) $(VENV) requirements.txt
	@touch $@

$(BIN)/.develop: requirements-dev.txt pyproject.toml
	@deploy/environment.sh $(PYTHON) $(VENV) requirements-dev.txt
	@touch $@ $(BIN)/.run

environment: $(BIN)/.develop ## make the environment to develop in

run: $(BIN)/.run ## start the platform, load a real council's year, show what it found; Ctrl-C stops
	@$(BIN)/localpound up --demo

test: $(BIN)/.develop ## everything a change must pass, on real servers
	@$(BIN)/python -m pytest -m "not docker and not chaos"

check: $(BIN)/.develop ## format, lint, types, import contracts, generated files, dead code
	@deploy/check.sh $(BIN)

bench: $(BIN)/.develop ## ratios against named baselines, to build/bench.json
	@$(BIN)/python -m benchmarks

eval-matching: $(BIN)/.develop ## precision and recall of links to suppliers (KEY=FILE), to contracts (SPEND="FILE…" REGISTER=FILE)
	@$(BIN)/python -m evaluation.contract_links $(if $(REGISTER),--register "$(REGISTER)") $(SPEND)
	@$(if $(SPEND),,$(BIN)/python -m evaluation.matching $(KEY))

eval-scope: $(BIN)/.develop ## what kind of payment: the rules against 300 that a person judged
	@$(BIN)/python -m evaluation.scope

eval-findings: $(BIN)/.develop ## what is to be explained: each rule against findings that were judged by hand
	@$(BIN)/python -m evaluation.findings

eval-category: $(BIN)/.develop ## what was bought: the rules for accounts against what the register says of the contract
	@$(BIN)/python -m evaluation.category

eval-duplicates: $(BIN)/.develop ## payments that may be one: each rule against its questions, judged by hand
	@$(BIN)/python -m evaluation.duplicates

chaos: $(BIN)/.develop ## 200 kills at random under load
	@LOCALPOUND_KILLS=$${KILLS:-200} $(BIN)/python -m pytest -m chaos -s

containers: $(BIN)/.develop ## build and start docker-compose.yml, load two months, ask a query
	@$(BIN)/python -m pytest -m docker

clean: ## forget the environment and what was built
	@rm -rf $(VENV) build .hypothesis
