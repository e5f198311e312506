# Two commands on a fresh machine with Python 3.11+: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help install demo test servers check score score-search bench faults lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

install: $(READY) ## install the locked dependencies and the package into .venv

demo: $(READY) ## ingest examples/corpus, answer three questions, serve on 127.0.0.1:8000
	$(BIN)/fazhi demo

test: $(READY) ## run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile

servers: $(READY) ## start a Neo4j and an Elasticsearch on loopback, print what to export; DATA=folder keeps their data
	@PYTHONPATH=tests $(BIN)/python -m servers $(DATA)

check: $(READY) ## lint, types, directions of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

score: $(READY) ## F1 per type of fact on the labelled reports
	$(BIN)/python bench/score.py --errors $(or $(ERRORS),0) $(if $(LABELLED),--labelled $(LABELLED))

score-search: $(READY) ## nDCG@10 of searches on judged queries, beside plain BM25 on words and on pairs of characters
	$(BIN)/python bench/score_search.py $(if $(SEED),--seed $(SEED))

score-diffusion: $(READY) ## text reuse and tracing on both families of simulated collections, as shares of what was planted; REPORTS=1000 by default
	$(BIN)/python bench/score_diffusion.py --reports $(or $(REPORTS),1000); status=$$?; $(BIN)/python bench/score_trace.py --reports $(or $(REPORTS),1000) && exit $$status

bench: $(READY) ## speed and memory, as ratios, embedded and on real servers; REPORTS=10000 by default
	$(BIN)/python bench/run.py --reports $(or $(REPORTS),10000)

faults: $(READY) ## kill it, cut its files, fill its disk, shuffle its input; KILLS=100 and REPORTS=500 by default
	$(BIN)/python -m bench.faults --kills $(or $(KILLS),100) --reports $(or $(REPORTS),500)

lock: ## refresh requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --group dev --extra postgres --generate-hashes --no-header --no-annotate -p 3.11 pyproject.toml -o requirements.lock

clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
