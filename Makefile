VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
PEERS := .venv-peers
FUZZ := .venv-fuzz
FUZZ_SECONDS := 60

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types messages vectors readme pictures bench peers speed fuzz

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@echo "Setting up $(VENV): this takes a few minutes the first time …" >&2
	@python3 -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' >&2
	@touch $@

run: $(READY) ## the Slack bot where tokens are set, else a conversation here; answers questions piped in
	@$(PYTHON) run_bot.py run

test: $(READY) ## all tests
	@$(PYTHON) -m pytest

check: format lint types test ## format, lint, types, tests

format: $(READY) ## does the code have the standard form?
	@$(PYTHON) -m ruff format --check .

lint: $(READY) ## ruff's rules
	@$(PYTHON) -m ruff check .

types: $(READY) ## mypy, strict
	@$(PYTHON) -m mypy

messages: $(READY) ## extract the interface's sentences, merge them into the catalogues, compile
	@$(PYTHON) -m assistant.messages.catalogues

readme: $(READY) ## bring the README's output and settings table up to date
	@$(PYTHON) -m docs.write_readme

vectors: $(READY) ## encode what the shipped corpus says and index/prepared/ lacks (a quarter of an hour from nothing), count its words
	@$(PYTHON) -m index.prepared
	@$(PYTHON) -m assistant.vocabulary

pictures: $(READY) ## draw the README's pictures anew
	@$(PYTHON) -m docs.make_pictures

bench: $(READY) ## what is measured; results in benchmarks/results/
	@$(PYTHON) -m benchmarks.start_up
	@$(PYTHON) -m benchmarks.incremental_build
	@$(PYTHON) -m benchmarks.engines

$(PEERS)/.ready: pyproject.toml constraints.txt benchmarks/peers-requirements.txt
	@echo "Setting up $(PEERS): this takes a few minutes the first time …" >&2
	@python3 -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . \
		--requirement benchmarks/peers-requirements.txt >&2
	@touch $@

peers: $(PEERS)/.ready ## LangChain and LlamaIndex beside the desk, on the golden questions
	@$(PEERS)/bin/python -m benchmarks.peers

$(FUZZ)/.ready: pyproject.toml constraints.txt tests/fuzz/requirements.txt
	@echo "Setting up $(FUZZ): this takes a few minutes the first time …" >&2
	@python3 -m venv $(FUZZ)
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' \
		--requirement tests/fuzz/requirements.txt >&2
	@touch $@

fuzz: $(FUZZ)/.ready ## look for bytes that break a reader or the handling of events; FUZZ_SECONDS for each; kept in var/fuzz/
	@mkdir -p var/fuzz
	@for it in "readers text" "readers markdown" "readers html" "readers docx" "readers pdf" events; do \
		$(FUZZ)/bin/python -m tests.fuzz.$$it -max_total_time=$(FUZZ_SECONDS) -timeout=30 -artifact_prefix=var/fuzz/ \
		|| exit 1; done

speed: $(PEERS)/.ready ## cold start, memory, time a question and builds, beside LangChain, LlamaIndex and a script by hand
	@$(PEERS)/bin/python -m benchmarks.speed
