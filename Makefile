# make up      run the whole system on this machine
# make test    lint, types and tests, on every core; ARGS go to pytest
# make test-slow   run the tests that repeat at length what a shorter one of `make test` does
# make test-cluster   run the tests with many processes that act as several machines
# make test-all    run all of them
# make corpus  read every mail of tests/emails, print the results, and write docs/corpus.md
# make bench   run the benchmarks, each beside a peer in the same run, and write docs/performance.md
# make answers paint, write and photograph the mails that people get, for docs/answers
# make messages bring the catalogues of the answers, mailbot/locales, up to date with the code
# make constraints   write the versions for the image: of all that it installs, as they are installed here
# make check   run the quick half of `make test`: ruff and mypy
.PHONY: up test test-slow test-cluster test-all tests check lint types corpus bench answers messages constraints clean
PYTHON ?= python3
BIN := .venv/bin

up: .venv/.installed
	@$(BIN)/mailbot up $(ARGS)

# mypy has a core while pytest imports and waits. Hundreds of processes are started in a run, and each would
# compile all of its modules where Python is told to keep no bytecode.
test: lint
	@$(MAKE) --no-print-directory --jobs types tests CHOICE="$(CHOICE)"

test-slow: CHOICE := -m slow
test-slow: tests

test-cluster: CHOICE := -m cluster
test-cluster: tests

test-all: CHOICE := -m ''
test-all: test

tests: export PYTHONDONTWRITEBYTECODE :=
tests: .venv/.installed
	$(BIN)/pytest --numprocesses auto --dist worksteal $(CHOICE) $(ARGS)

check: lint types

lint: .venv/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.installed
	$(BIN)/mypy

corpus: .venv/.installed
	$(BIN)/python -m tests.emails

bench: .venv/.peers
	$(BIN)/python -m benchmarks $(ARGS)

# Peers of the benchmarks. If one cannot be installed, its rows say so.
.venv/.peers: .venv/.installed
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[dev,benchmark]' \
		|| echo "Not all that the benchmarks compare with could be installed."
	@touch $@

# The stamp is newer than pyproject.toml when everything in it is installed. Debian keeps `ensurepip`
# in a package of its own. If it is missing, root installs it.
.venv/.installed: pyproject.toml
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } \
		|| { echo "Python's venv module is missing. Install it: sudo apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv. The first time this takes some minutes, most of them for PyTorch."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

answers: .venv/.installed
	$(BIN)/python -m benchmarks.pictures.answers

# What a catalogue lacks after it is an empty `msgstr`, and fails a test.
messages: .venv/.installed
	@mkdir -p build
	$(BIN)/pybabel -q extract --mapping pyproject.toml --keywords gettext_noop --add-comments NOTE: --strip-comments \
		--no-location --width 110 --sort-output --project mailbot --output build/mailbot.pot .
	$(BIN)/pybabel -q update --domain mailbot --input-file build/mailbot.pot --output-dir mailbot/locales --width 110 \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

# What the image installs and no more, in the versions that are installed here, so that the tests have seen them.
# PyTorch for CPUs has a version of its own, such as 2.13.0+cpu; which one an image gets is up to its build.
constraints: .venv/.installed
	@mkdir -p build
	$(BIN)/python -m pip freeze --exclude-editable > build/tested.txt
	$(BIN)/python -m pip install --quiet --dry-run --ignore-installed --constraint build/tested.txt \
		--report build/image.json '.[postgres,ray,s3]'
	$(BIN)/python -c 'import json; found = [each["metadata"] for each in json.load(open("build/image.json"))["install"]]; \
		print(*sorted("{name}=={version}".format(**each) for each in found if each["name"] != "mailbot"), sep="\n")' \
		| sed 's/+[a-z0-9]*$$//' > deploy/constraints.txt

clean:
	rm -rf .venv var build *.egg-info .mypy_cache .pytest_cache .ruff_cache
