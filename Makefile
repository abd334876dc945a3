# Every job of the house. `make run` and `make test` are all a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR ?= var

.PHONY: run setup setup-dev setup-spark test test-postgresql check format lint types contracts messages docs bench data assets clean

run: setup                     ## set up, load the demonstration once, serve on this machine
	$(BIN)/sizao demo
	$(BIN)/sizao serve

setup: $(VENV)/run.stamp       ## environment, keys, database, areas, static files
	$(BIN)/python tools/messages.py compile
	$(BIN)/sizao setup

setup-dev: $(VENV)/dev.stamp

$(VENV)/base.stamp: requirements/setup.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.txt
	touch $@

# uv is three times faster than pip; where it cannot reach a registry that pip is configured for, pip does it.
INSTALL = ( $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || \
	$(BIN)/pip install --quiet --require-hashes -r $(1) ) && \
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .

$(VENV)/run.stamp: $(VENV)/base.stamp requirements/run.txt pyproject.toml
	$(call INSTALL,requirements/run.txt)
	touch $@

$(VENV)/dev.stamp: $(VENV)/base.stamp requirements/dev.txt pyproject.toml
	$(call INSTALL,requirements/dev.txt)
	touch $@ $(VENV)/run.stamp

setup-spark: setup-dev         ## Spark beside the rest, for visits beyond one machine (needs Java 17)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/spark.txt || \
		$(BIN)/pip install --quiet --require-hashes -r requirements/spark.txt

test: setup-dev                ## the tests, on SQLite; those whose programs are missing say so
	$(BIN)/python tools/messages.py compile
	$(BIN)/pytest -n 2 --dist loadgroup

test-postgresql: setup-dev     ## the rooms' tests again, on a private PostgreSQL that is started and ended here
	$(BIN)/python tools/postgresql.py $(BIN)/pytest -n 2 --dist loadgroup -m "not browser" tests/governance \
		tests/registry tests/incidents tests/cases tests/tracing tests/reporting tests/intake tests/desk tests/oversight tests/backup \
		tests/surveillance

check: test test-postgresql format lint types contracts messages migrations docs   ## exactly what CI does

format: setup-dev
	$(BIN)/ruff format --check .

lint: setup-dev
	$(BIN)/ruff check .

types: setup-dev
	$(BIN)/mypy

contracts: setup-dev
	$(BIN)/lint-imports

messages: setup-dev
	$(BIN)/python tools/messages.py check

.PHONY: migrations
migrations: setup-dev
	$(BIN)/python -m sizao manage makemigrations --check --dry-run

docs: setup-dev                ## write what is generated, then try every code block
	$(BIN)/python tools/map.py
	$(BIN)/python -m tools.reference
	$(BIN)/pytest tests/docs

bench: setup-dev               ## every benchmark in its quick size, each a ratio to a baseline in the same run
	for file in bench/[a-z]*.py; do $(BIN)/python -m bench.$$(basename $$file .py) --quick || exit 1; done

.PHONY: vulnerabilities
vulnerabilities: setup-dev     ## known faults of what is pinned; needs a network that reaches the advisory database
	$(BIN)/uv tool run pip-audit --no-deps --disable-pip -r requirements/run.txt

assets: setup-dev              ## fetch the front-end libraries again (needs Node; users never do)
	$(BIN)/python tools/assets.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
