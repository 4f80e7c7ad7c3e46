# Two commands do everything: `make run` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help run test train check evaluate evaluate-norsid bench lock spacy-model clean environment environment-dev
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# Rasa reports home unless told not to; nothing here does.
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
# A public test of understanding, outside the repository.
NORSID := ../shared/nlp/norsid_dev.conll

help: ## Show this
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: environment ## Build what is missing and start everything on http://localhost:8080
	@$(BIN)/hjemvei train
	@$(BIN)/hjemvei serve

test: environment-dev ## Build what is missing and run every check and test
	@$(BIN)/hjemvei train
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hjemvei knowledge check
	$(BIN)/pytest

train: environment ## Train the model if what it learns from has changed
	@$(BIN)/hjemvei train

check: environment-dev ## Only the quick checks
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hjemvei knowledge check

evaluate: environment ## Measure understanding on the development set; writes docs/evaluation.md
	@$(BIN)/hjemvei train
	@$(BIN)/python -m tools.evaluate

evaluate-norsid: environment ## Measure the topic pipeline on NorSID (NORSID=file), dialect by dialect; writes docs/norsid.md
	$(BIN)/python -m tools.evaluate_norsid $(NORSID)

bench: environment-dev ## Measure against stock Rasa, the widget, SMS and conversations with a human; writes docs/benchmarks.md
	@$(BIN)/hjemvei train
	$(BIN)/python -m tools.bench
	$(BIN)/python -m tools.bench_widget
	$(BIN)/python -m tools.bench_sms
	$(BIN)/python -m tools.bench_handoff

lock: environment-dev ## Resolve deps/*.in anew into the lock files
	$(BIN)/python -m tools.lock

spacy-model: environment ## Train the Norwegian pipeline anew: NORNE=../shared/nlp/norne.tar.xz; writes nlp/nb_norne_sm/
	@$(BIN)/python -m nlp.build "$(NORNE)"

clean: ## Remove what was built (the database and the key in var/ stay)
	rm -rf $(VENV) models build .mypy_cache .ruff_cache *.egg-info

environment:
	@python3 tools/environment.py $(VENV) requirements.lock

environment-dev:
	@python3 tools/environment.py $(VENV) requirements.lock requirements-dev.lock
