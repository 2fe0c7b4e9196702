# One command per task. All of them set up what they need, in .venv/ and nowhere else.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
TESTS ?= tests

.PHONY: help install install-hashed install-dev demo test test-all check fix docs pictures sbom lock canary eval fuzz guards mutants kills torture fidelity bench interop clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: .venv/installed  ## set up .venv for users, with the exact versions of constraints.txt, and show that it works
	@$(BIN)/emeroteca --version
	@$(BIN)/emeroteca sites
	@echo "emeroteca works. 'source .venv/bin/activate' puts it on the PATH; then 'emeroteca help' and 'emeroteca demo'."

install-hashed:  ## set up .venv for users from requirements.lock: files with other hashes are refused
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/emeroteca --version

install-dev: .venv/installed-dev  ## the tools of developers too: tests, lint, types, every extra

PIP = $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt --editable

.venv/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Emeroteca needs Python 3.11 to 3.13: install one, or say make PYTHON=/path/to/python"; exit 1; }
	@echo "Installing emeroteca into .venv/ ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) .
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing the tools of developers into .venv/ ..."
	@$(PIP) '.[dev]'
	@touch $@

demo: .venv/installed  ## both sites crawled from the loopback newsstand, no internet
	$(BIN)/emeroteca demo

test: .venv/installed-dev  ## the tests, in parallel, without those marked slow
	$(BIN)/pytest --numprocesses auto -m "not slow" $(TESTS)

test-all: .venv/installed-dev  ## all tests, in parallel; the slow ones kill processes at many moments
	$(BIN)/pytest --numprocesses auto $(TESTS)

check: .venv/installed-dev  ## lint, format, types, imports, migrations, docs; known vulnerabilities, where pip-audit reaches its data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/migrations tests/docs/test_docs.py
	$(BIN)/python -m bench.audit

fix: .venv/installed-dev  ## apply the automatic fixes of lint and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/installed-dev  ## generate docs/commands.md, docs/schema.md and the pictures of docs/architecture.md from the code
	COLUMNS=80 $(BIN)/python docs/commands.py
	$(BIN)/python docs/schema.py
	$(BIN)/python docs/architecture.py

pictures: .venv/installed-dev  ## the pictures of docs/reading-room.md, made in Chromium
	EMEROTECA_PICTURES=docs/pictures $(BIN)/pytest --numprocesses 0 tests/reading_room/test_pictures.py

sbom: .venv/installed-dev  ## write sbom.json, a bill of materials (CycloneDX) of what the program runs on
	$(BIN)/python -m bench.sbom --output sbom.json $(foreach extra,postgres worker parquet s3 cluster commoncrawl lz4 mcp,--extra $(extra))

lock:  ## write requirements.lock anew: the versions of constraints.txt with the hashes of their files
	$(PYTHON) -m venv .tools/lock
	.tools/lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	.tools/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --all-build-deps --no-annotate --no-header \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --constraint constraints.txt \
		--extra worker,parquet,s3,cluster,commoncrawl,lz4,mcp --output-file requirements.lock pyproject.toml
	@sed -i '/^# WARNING: pip install/d; /^# Consider using a hashable URL/d; /^emeroteca @ /d' requirements.lock

canary:  ## the tests of what is private in Scrapy and Twisted, with their newest versions, in .canary/
	PYTHON=$(PYTHON) .ci/canary

kills: .venv/installed-dev  ## crawls, rebuilds, Dask workers and imports from archives killed at random moments and resumed: nothing is lost or duplicated
	$(BIN)/python -m bench.kills --kills 200
	$(BIN)/python -m bench.rebuild_kills --kills 50
	$(BIN)/python -m bench.rebuild_kills --kills 20 --cluster
	$(BIN)/python -m bench.lost_site --articles 1000 --kills 10 --quick

torture: .venv/installed-dev  ## crawls, rebuilds, imports, exports ... killed, paused, out of disk, memory and handles at random: the promises hold
	$(BIN)/python -m bench.torture --faults 200

fidelity: .venv/installed-dev  ## awkward responses over http, https and proxies against their records; writes docs/fidelity.md
	EMEROTECA_FIDELITY=write $(BIN)/pytest --numprocesses 0 tests/crawler/capture/test_fidelity.py

eval: .venv/installed-dev  ## scores of ours, trafilatura, readability, resiliparse and newspaper4k on three open sets, learned and unseen halves; floors
	$(BIN)/python -m bench.eval

fuzz: .venv/installed-dev  ## 20,000 hostile pages, archives and texts: nothing crashes, hangs, grows without bound or loses a record
	$(BIN)/python -m bench.fuzz --pages 8000 --archives 6000 --texts 6000

guards: .venv/installed-dev  ## each guard against hostile input taken away in a copy of the tree: its test fails then
	$(BIN)/python -m bench.guards

mutants: .venv/installed-dev .tools/mutants/installed  ## mutation testing of extraction, revisions and the WARC writer; SEED=2 for another sample, MUTANTS=40 for a smaller one
	.tools/mutants/bin/python -m bench.mutants --seed $(or $(SEED),1) $(if $(MUTANTS),--mutants $(MUTANTS))

# cosmic-ray and pytest-cov stand beside the packages of .venv, which they see and do not change.
.tools/mutants/installed: .venv/installed-dev
	$(PYTHON) -m venv .tools/mutants
	.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > "$$(echo .tools/mutants/lib/python3.*/site-packages)/project.pth"
	.tools/mutants/bin/python -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0 pytest-cov==7.1.0
	@touch $@

bench: .venv/installed-dev  ## cost of capture, crawls and rebuild compared with bare Scrapy and a plain loop; memory; 20,000 articles with faults
	$(BIN)/python -m bench.capture --others $(if $(PEER_PYTHON),--peer-python $(PEER_PYTHON))
	$(BIN)/python -m bench.capture --memory 100000
	$(BIN)/python -m bench.payloads --millions 10
	$(BIN)/python -m bench.extraction
	$(BIN)/python -m bench.flat
	$(BIN)/python -m bench.rebuild --pages ../shared/benchmarks/article-extraction-benchmark --memory 10000 100000
	$(BIN)/python -m bench.corpus --revisions 1000000
	$(BIN)/python -m bench.corpus --revisions 1000000 --postgres
	$(BIN)/python -m bench.near_copies
	$(BIN)/python -m bench.page_times
	$(BIN)/python -m bench.page_times --postgres
	$(BIN)/python -m bench.page_times --times 12
	$(BIN)/python -m bench.page_times --times 12 --postgres
	$(BIN)/python -m bench.throughput --articles 1500 --rounds 3
	$(BIN)/python -m bench.incremental --articles 20000
	$(BIN)/python -m bench.long_lists

interop: .venv/installed-dev  ## check a crawl with warcio, cdxj-indexer, wacz, pywb and Chromium, installed in .tools/
	$(BIN)/python -m bench.interop --tools .tools

clean:  ## remove .venv and caches; collections stay
	rm -rf .venv .canary .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info
