# Every habit of the house is one command. All of them set up what they need, in .venv/ and nowhere else.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
TESTS ?= tests

.PHONY: help install demo test check fix docs eval fuzz kills fidelity bench clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/installed  ## set up .venv with the exact versions of constraints.txt

.venv/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Emeroteca needs Python 3.11 to 3.13: install one, or say make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --constraint constraints.txt
	@touch $@

demo: install  ## both sites crawled from the loopback newsstand, no internet
	$(BIN)/emeroteca demo

test: install  ## all tests, in parallel
	$(BIN)/pytest --numprocesses auto $(TESTS)

check: install  ## lint, format, types, imports, migrations, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/migrations tests/docs/test_docs.py

fix: install  ## mend what lint and format can mend by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: install  ## write docs/commands.md and docs/schema.md again from the commands and the models
	COLUMNS=80 $(BIN)/python docs/commands.py
	$(BIN)/python docs/schema.py

kills: install  ## 200 crawls, 50 rebuilds and 20 Dask workers killed at random moments and resumed: nothing is lost, nothing double
	$(BIN)/python -m bench.kills --kills 200
	$(BIN)/python -m bench.rebuild_kills --kills 50
	$(BIN)/python -m bench.rebuild_kills --kills 20 --cluster

fidelity: install  ## awkward responses over http, https and proxies against their records; writes docs/fidelity.md
	EMEROTECA_FIDELITY=write $(BIN)/pytest --numprocesses 0 tests/crawler/capture/test_fidelity.py

eval: install  ## body scores beside trafilatura's on the public benchmark, fixtures field by field, held against the floors
	$(BIN)/python -m bench.eval

fuzz: install  ## 20,000 spoilt pages: nothing crashes, hangs or grows without bound
	$(BIN)/python -m bench.fuzz --pages 20000

bench: install  ## what capture, crawls and rebuild cost, beside bare Scrapy and the plain loop; memory; 20,000 articles with faults
	$(BIN)/python -m bench.capture --others $(if $(PEER_PYTHON),--peer-python $(PEER_PYTHON))
	$(BIN)/python -m bench.capture --memory 100000
	$(BIN)/python -m bench.payloads --millions 10
	$(BIN)/python -m bench.extraction
	$(BIN)/python -m bench.flat
	$(BIN)/python -m bench.rebuild --pages ../shared/benchmarks/article-extraction-benchmark --memory 10000 100000
	$(BIN)/python -m bench.corpus --revisions 1000000
	$(BIN)/python -m bench.corpus --revisions 1000000 --postgres
	$(BIN)/python -m bench.throughput --articles 1500 --rounds 3
	$(BIN)/python -m bench.incremental --articles 20000

interop: install  ## warcio, cdxj-indexer, wacz, pywb and Chromium judge a crawl; their tools go to .tools/
	$(BIN)/python -m bench.interop --tools .tools

clean:  ## remove .venv and caches; collections stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info
