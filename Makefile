# Every target sets up what it needs, from a bare machine with Python 3.11+, Node 20+, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .build/stamps
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
OUT ?= demo-out

.DEFAULT_GOAL := help
.PHONY: help setup serve demo test coverage docs gallery words lint format bench wheel dist clean distclean assets frontend

help: ## Say what the targets do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: frontend ## Only the set-up: virtual environment, pinned packages, pose networks, the app's scripts

serve: setup ## The app in the browser, on http://127.0.0.1:8000
	$(BIN)/coxa serve

demo: setup ## Measure a real video and assess how its person walks; reports go to demo-out/
	$(BIN)/python scripts/fetch_demo.py
	$(BIN)/coxa measure .build/demo/demo.mp4 --from 2 --to 5.9 --out $(OUT)/measured --overwrite
	$(BIN)/coxa assess .build/demo/demo.mp4 --from 2 --to 5.9 --protocol walking --out $(OUT)/assessed --overwrite

test: setup ## Every test
	$(BIN)/python -m pytest -n 2

coverage: setup ## Which lines no test reaches; takes half as long again as the tests
	$(BIN)/python -m pytest -n 2 --cov=coxa --cov-report=term:skip-covered

docs: $(STAMPS)/python $(STAMPS)/npm ## The documentation as a site: .build/site/index.html; warnings are errors
	$(BIN)/python -m sphinx -j 2 -W --keep-going -n -q -d .build/doctrees docs .build/site \
	  || { rm -rf .build/doctrees; exit 1; } # what was warned of would not be said again

gallery: setup ## Pictures of the app and of what it writes, anew: docs/gallery; needs Chromium
	$(BIN)/python scripts/gallery

mutation: $(STAMPS)/python ## Which small faults the quick tests would not see, by a sample; takes an hour
	$(PIP) --no-build-isolation --editable '.[mutation]'
	$(BIN)/python scripts/mutation.py

words: $(STAMPS)/python ## Collect the words of the app for translators
	$(BIN)/python scripts/words.py

lint: $(STAMPS)/python ## Style, types, layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMPS)/python ## Put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## Speed beside OpenSim, in one run
	$(PIP) --no-build-isolation --editable '.[bench]'
	$(BIN)/python benchmarks/opensim_peer.py
	$(BIN)/python scripts/fetch_demo.py
	$(BIN)/python benchmarks/whole_run.py .build/demo/demo.mp4

# Dates in what is built are the last commit's: the same commit gives the same bytes.
wheel dist: export SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || echo 1580601600)

HEAVY := $(BIN)/python -m build --wheel --no-isolation --outdir dist packages/pose-heavy

wheel: setup ## dist/*.whl: Coxa, whole; and the heavy pose network
	$(BIN)/python -m build --wheel --no-isolation
	$(HEAVY)

dist: setup $(STAMPS)/sbom ## All that is handed on: wheels, source, bill of materials, SHA-256 sums
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	$(HEAVY)
	$(BIN)/python scripts/sbom.py dist/$$(cd dist && basename coxa-*.tar.gz .tar.gz).cdx.json
	cd dist && sha256sum *.whl *.tar.gz *.cdx.json > SHA256SUMS

clean: ## Remove what was built, tested and measured
	rm -rf .build mutants dist build $(OUT) .coverage coverage.xml htmlcov .pytest_cache .mypy_cache .ruff_cache \
	  .import_linter_cache .hypothesis
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## clean, and the set-up too
	rm -rf $(VENV) node_modules src/coxa/adapters/vision/assets/*.tflite src/coxa/web/static src/coxa/notices \
	  frontend/src/generated

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(STAMPS)/python: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) hatchling editables
	$(PIP) --no-build-isolation --editable '.[dev]'
	@mkdir -p $(@D) && touch $@

$(STAMPS)/sbom: scripts/sbom-requirements.txt | $(BIN)/python
	$(BIN)/python -m venv --clear .build/sbom
	.build/sbom/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@mkdir -p $(@D) && touch $@

$(STAMPS)/npm: package.json package-lock.json .npmrc
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' && npm --version > /dev/null \
	  || { echo "Node 20 or newer is needed, with npm (Debian 12's own is 18)" >&2; exit 1; }
	npm ci --no-progress
	@mkdir -p $(@D) && touch $@

# The script is quick where all is in place, and finds altered files: so it runs every time.
assets: $(STAMPS)/python $(STAMPS)/npm
	@$(BIN)/python scripts/fetch_assets.py

# Quick, and it finds whatever changed in Python or TypeScript: so it runs every time.
frontend: assets
	@PYTHON=$(BIN)/python scripts/build_frontend.sh
