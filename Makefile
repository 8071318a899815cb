# The two commands of a fresh machine: `make demo` and `make test`. Everything else is for developers.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# What was compiled is kept, even where the environment forbids it: every worker and every command would compile anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check bench nightly coverage docs samples pins clean

demo: $(INSTALLED)
	$(BIN)/muniment demo

# Three files at a time, because the tests wait for engines more than they compute. One that kills a process at a chosen
# moment may miss it on a busy machine: a failure is tried once more, and the summary counts it.
test: $(INSTALLED) check
	$(BIN)/pytest -n 3 --dist loadfile --reruns 1

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tests/packaging/installed_wheel.py

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

nightly: $(INSTALLED)
	$(BIN)/pytest --hypothesis-profile=nightly tests nightly

# Which branches of the evaluator of permissions no test of it takes.
coverage: $(INSTALLED)
	$(BIN)/coverage run --branch --source=analysis/iam -m pytest -q tests/analysis tests/run/test_estate.py tests/cli/test_simulate.py
	$(BIN)/coverage report --show-missing --skip-covered --precision=1 --fail-under=100

docs: $(INSTALLED)
	$(BIN)/python docs/generate.py

# Asks every question of a fresh demo, for the documentation.
samples: $(INSTALLED)
	$(BIN)/python docs/samples.py
	$(BIN)/python docs/generate.py

# Pins every dependency with its hashes. No index host is named in the result.
pins: $(INSTALLED)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header \
		pyproject.toml --extra demo --group dev -o requirements/dev.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header \
		pyproject.toml -o requirements/run.txt

$(INSTALLED): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Muniment needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-compile -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true  # on all cores, where pip has one
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
