# Two commands do all on a fresh machine with Python 3.11, pip and make:
#
#     make run     the main job: an exchange lists, trades, delivers, settles and is audited
#     make test    every test
#
# Everything is installed into .venv from the hash-checked lock files, through uv where it is on
# PATH and through pip elsewhere.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
INSTALL := $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

# Tests start programs by the hundred, and each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-long test-postgresql test-spark lint mutate clean lock

run: $(VENV)/run.stamp
	$(BIN)/guapai demo

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n 2 --dist worksteal $(PYTEST)

# A market in which every move is done, and processes killed sixty times: minutes, beside `make test`.
test-long: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n 2 -m long $(PYTEST)

# Whatever the gate and the clearing record, over PostgreSQL: the minute of the services' tests
# that CI runs.  OVER=tests/exchange/services is all of them, six minutes.
OVER := $(patsubst %,tests/exchange/services/test_%.py,registration listing lifecycle vetting gate adopt_pack clearing check_money audit_provenance)
test-postgresql: $(VENV)/dev.stamp
	GUAPAI_TEST_STORE=postgresql $(BIN)/python -m pytest -n 2 -m "not slow and not long" $(PYTEST) $(OVER)

# The same rules of quality on Spark: needs Java 17 or later, and installs pyspark beside the locked
# packages into a folder of its own.  Where either is missing, `make test` skips these tests.
test-spark: $(VENV)/dev.stamp
	$(INSTALL) --target $(VENV)/spark 'pyspark>=4.0'
	PYTHONPATH=$(VENV)/spark $(BIN)/python -m pytest -m spark -p no:randomly tests/exchange/inspection/test_spark.py

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/codespell

# Breaks the gate in every small way and fails if no test notices; half an hour, and not for CI.
mutate: $(VENV)/dev.stamp
	$(BIN)/python -m tests.exchange.compliance.mutate $(MUTATE)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/run.stamp

# For whoever changes the dependencies; needs uv.  The lock files hold hashes and no addresses.
lock:
	uv pip compile --quiet --universal -p 3.11 --generate-hashes --no-strip-extras --no-header --extra build \
	  pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal -p 3.11 --generate-hashes --no-strip-extras --no-header --extra build --extra dev \
	  -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) exchange-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
