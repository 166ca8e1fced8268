# make up      run the whole system on this machine; LEARN=no installs no PyTorch, by which paintings are learnt from
# make test    lint, types and tests, on every core; ARGS go to pytest
# make test-slow   run the tests that repeat at length what a shorter one of `make test` does
# make test-cluster   run the tests with many processes that act as several machines
# make test-all    run all of them
# make corpus  read every mail of tests/emails, print the results, and write docs/corpus.md
# make bench   run the benchmarks, each beside a peer in the same run, and write docs/performance.md
# make answers paint, write and photograph the mails that people get, for docs/answers
# make messages bring the catalogues of the answers, mailbot/locales, up to date with the code
# make test-lowest   run the tests with the lowest versions that pyproject.toml allows
# make lock    write the newest versions that pyproject.toml allows into constraints.txt
# make release build the archive and the wheel into dist/, and have the wheel paint a mail in a bare venv
# make check   run the quick half of `make test`: ruff and mypy
.PHONY: up test test-slow test-cluster test-all test-lowest tests check lint types corpus bench answers messages lock release clean
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCK ?= constraints.txt
INSTALL = PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check
comma := ,
HAS_GPU := $(wildcard /proc/driver/nvidia/version)
TORCH_FOR_CPUS := https://download.pytorch.org/whl/cpu
HAS_INDEX = $(BIN)/python -c 'import urllib.request as r; r.urlopen("$(TORCH_FOR_CPUS)/torch/", timeout=5)' 2>/dev/null
INSTALL_TORCH_FOR_CPUS = $(INSTALL) --constraint $(LOCK) --extra-index-url $(TORCH_FOR_CPUS) torch torchvision

up: $(VENV)/.running
	@$(BIN)/mailbot up $(ARGS)

# mypy has a core while pytest imports and waits. Hundreds of processes are started in a run, and each would
# compile all of its modules where Python is told to keep no bytecode.
test: lint
	@$(MAKE) --no-print-directory --jobs types tests CHOICE="$(CHOICE)"

test-slow: CHOICE := -m slow
test-slow: tests

test-cluster: CHOICE := -m cluster
test-cluster: export PAINTING_HEAD_AWAY ?= 300
test-cluster: tests

test-all: CHOICE := -m ''
test-all: test

# One more than there are cores, since many tests wait for servers, browsers and processes that they started.
tests: WORKERS = $(shell expr $$(nproc) + 1)
tests: export PYTHONDONTWRITEBYTECODE :=
tests: $(VENV)/.installed
	$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal $(CHOICE) $(ARGS)

check: lint types

lint: $(VENV)/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.installed
	$(BIN)/mypy

corpus: $(VENV)/.installed
	$(BIN)/python -m tests.emails

bench: $(VENV)/.peers
	$(BIN)/python -m benchmarks $(ARGS)

# The lowest versions, in a venv of their own.
test-lowest: build/lowest.txt
	@$(MAKE) --no-print-directory tests VENV=.venv-lowest LOCK=$<

# Peers of the benchmarks. If one cannot be installed, its rows say so.
$(VENV)/.peers: $(VENV)/.installed
	@$(INSTALL) --editable '.[dev,benchmark]' || echo "Not all that the benchmarks compare with could be installed."
	@touch $@

# Each stamp is newer than pyproject.toml and the lock when what it stands for is installed: what `make up` runs, or everything.
# Learning takes PyTorch, a gigabyte. PyPI's brings three for GPUs, so without a GPU it comes from PyTorch's own index or is left out.
$(VENV)/.running: pyproject.toml $(LOCK) | $(BIN)/python
	@test $(VENV)/.installed -nt pyproject.toml -a $(VENV)/.installed -nt $(LOCK) || { \
		echo "Installing into $(VENV): some minutes, most of them for PyTorch, which learns from paintings. LEARN=no leaves that out."; \
		extras=local,publish$(if $(HAS_GPU),$(comma)gpu); \
		if [ "$(LEARN)" != no ] && $(if $(HAS_GPU),true,$(HAS_INDEX) && $(INSTALL_TORCH_FOR_CPUS)); then extras=$$extras,train; \
		else echo "Learning from paintings is left out. To add it: $(BIN)/pip install --editable '.[train]'"; fi; \
		$(INSTALL) --constraint $(LOCK) --editable ".[$$extras]"; }
	@touch $@

# PyPI's PyTorch brings three gigabytes for GPUs. Without a GPU it comes from PyTorch's own index, where that answers.
$(VENV)/.installed: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "Installing everything that the tests need into $(VENV). The first time this takes some minutes, most of them for PyTorch."
	@$(if $(HAS_GPU),true,! $(HAS_INDEX)) || $(INSTALL_TORCH_FOR_CPUS)
	@$(INSTALL) --constraint $(LOCK) --editable '.[dev]'
	@touch $@

# Debian keeps `ensurepip` in a package of its own. If it is missing, root installs it.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is too old: name Python 3.11 or newer, as in: make up PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } \
		|| { echo "Python's venv module is missing. Install it: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

answers: $(VENV)/.installed
	$(BIN)/python -m benchmarks.pictures.answers

# What a catalogue lacks after it is an empty `msgstr`, and fails a test.
messages: $(VENV)/.installed
	@mkdir -p build
	$(BIN)/pybabel -q extract --mapping pyproject.toml --keywords gettext_noop --keywords ngettext_noop:1,2 --add-comments NOTE: --strip-comments \
		--no-location --width 110 --sort-output --project mailbot --output build/mailbot.pot .
	$(BIN)/pybabel -q update --domain mailbot --input-file build/mailbot.pot --output-dir mailbot/locales --width 110 \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

# For all platforms and all Pythons that pyproject.toml allows, each with its marker.
COMPILE = build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-annotate --no-header pyproject.toml

lock: build/uv/bin/uv
	$(COMPILE) --upgrade --output-file constraints.txt

build/lowest.txt: pyproject.toml | build/uv/bin/uv
	$(COMPILE) --resolution lowest-direct --output-file $@

release: $(VENV)/.installed build/uv/bin/uv
	rm -rf dist
	build/uv/bin/uv build --quiet --out-dir dist
	WHEEL="$$(ls dist/*.whl)" $(BIN)/pytest -n0 -m '' tests/test_release.py

build/uv/bin/uv:
	@$(PYTHON) -m venv build/uv
	@build/uv/bin/python -m pip install --quiet uv

clean:
	rm -rf .venv .venv-lowest var build *.egg-info .mypy_cache .pytest_cache .ruff_cache
