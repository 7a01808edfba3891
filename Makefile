# Two commands: `make run` and `make test`. Both set up all they need; Python 3.11+ and make are enough.
# What is installed is called as `python -m …`: the scripts beside it name the folder that they were installed in, and
# would not work in one that was renamed.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
VAR := $(or $(CARSI_VAR),var)
# How many made-up programs the benchmarks have.
SIZE ?= 10000
export PORT
# For what must not happen twice at once in one folder; whatever waits here says so.
ALONE = $(or $(wildcard $(BIN)/python),$(PYTHON)) tools/one_at_a_time.py $(VAR)/setup.lock
# The site of one's own machine shows demonstration data; a real site is deployed (docs/deploy.md).
DEMONSTRATION ?= true

.PHONY: run setup setup-alone stop test test-quick lint lock messages bench bench-import bench-overlap bench-quality bench-form bench-queue bench-pages bench-api bench-export clean
.DEFAULT_GOAL := run

run: $(VENV)/.installed
	@$(BIN)/python -m carsi_portal.run check
	@$(MAKE) --no-print-directory setup
	@DEMONSTRATION=$(DEMONSTRATION) exec $(BIN)/python -m carsi_portal.run

# All but the serving; what it starts keeps running, for `.venv/bin/python manage.py …` by hand.
setup: $(VENV)/.installed
	@$(ALONE) $(MAKE) --no-print-directory setup-alone

setup-alone:
	@$(BIN)/python -m carsi_portal.embedded start
	@$(BIN)/python -m carsi_portal.translations
	@DEMONSTRATION=$(DEMONSTRATION) $(BIN)/python manage.py prepare --verbosity 0
	@$(MAKE) --no-print-directory --silent $(VAR)/static/.collected

# Compressing what pages load takes longer than all else of a start: done again only where a file is newer.
$(VAR)/static/.collected: $(shell find static -type f) $(VENV)/.installed
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

stop:
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m carsi_portal.embedded stop; fi

# Every test.
test: $(VENV)/.installed-dev
	@$(BIN)/python -m carsi_portal.translations
	$(BIN)/python -m pytest -n auto

# For every commit: all but what looks at pages in Chromium or starts processes, with fewer examples of each law.
test-quick: $(VENV)/.installed-dev
	@$(BIN)/python -m carsi_portal.translations
	HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -n auto -m "not browser and not process"

lint: $(VENV)/.installed-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(BIN)/python tools/check_wheels.py
	$(BIN)/python tools/check_migrations.py
	$(BIN)/python tools/check_translations.py
	$(BIN)/python tools/draw_areas.py

# All of them one after the other, each beside its peer or floor: better part of an hour.
bench: bench-overlap bench-quality bench-import bench-form bench-queue bench-pages bench-api

# Imports 20,000 rows into throw-away servers: rows a second, peak memory, and the machine they were measured on.
bench-import: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.imports

# Logs a typical program in Chromium at the speed of a person: seconds, keys, clicks, bytes over the wire.
bench-form: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.form

# 50 decisions of a coordinator by keyboard in Chromium: keys, and milliseconds to the next case.
bench-queue: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.queue --size $(SIZE)

# How long the server takes for each page, beside its SQL alone: make bench-pages SIZE=100000.
bench-pages: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.pages --size $(SIZE)

# How fast the API is read, beside Django REST framework, django-ninja and PostgreSQL alone: make bench-api SIZE=100000.
bench-api: $(VENV)/.installed-dev .venv-bench/.installed
	@$(BIN)/python -m benchmarks.api --size $(SIZE) --peers $$(.venv-bench/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

# How fast an export of IATI begins, and whether its memory grows with the programs: make bench-export SIZE=20000.
bench-export: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.export --size $(SIZE)

# Compiles the pinned requirements from requirements.in and requirements-dev.in, and asks which machines they fit.
lock: $(VENV)/.installed-dev
	$(BIN)/python -m piptools compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --annotation-style=line --output-file requirements.txt requirements.in
	$(BIN)/python -m piptools compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --annotation-style=line --allow-unsafe --output-file requirements-dev.txt requirements-dev.in
	$(BIN)/python tools/check_wheels.py --renew

# Collects the strings to translate into locale/es (needs gettext).
messages: $(VENV)/.installed-dev
	$(BIN)/python tools/check_translations.py --write

# How fast scans are, beside Splink on the same data: make bench-overlap SIZE=10000 (or "10000 100000").
bench-overlap: $(VENV)/.installed-dev .venv-bench/.installed
	$(BIN)/python -m benchmarks.overlap --dense 2000 $(foreach size,$(SIZE),--size $(size)) --peer .venv-bench/bin/python

# How right the engine is on every labelled set, beside Splink and TF-IDF on the same pairs, and on real files. What is not
# part of the portal is read where it lies and left out where it is not: make bench-quality SHARED=…, or other SETS=…
SHARED ?= ../shared
SETS ?= $(foreach set,$(SHARED)/eval/open $(SHARED)/eval/other_words $(foreach hand,dev states partners banks final,benchmarks/handwritten/$(hand)) var/second,$(set)/programs.jsonl $(set)/pairs.csv)
REAL ?= $(SHARED)/data/iati/transposed $(SHARED)/data/iati/open
bench-quality: $(VENV)/.installed-dev .venv-bench/.installed var/second/programs.jsonl
	$(BIN)/python -m benchmarks.quality $(SETS) $(foreach folder,$(REAL),--real $(folder)) --peer .venv-bench/bin/python

var/second/programs.jsonl: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.labelled_set var/second

.venv-bench/.installed: requirements-bench.txt
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

clean: stop
	rm -rf var $(VENV) .venv-bench

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("The portal needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@echo "Making a virtual environment in $(VENV) …"
	@$(ALONE) sh -c 'test -x $@ || $(PYTHON) -m venv $(VENV)'

$(VENV)/.installed: requirements.txt requirements-intel-mac.txt | $(VENV)/bin/python
	@echo "Installing what the portal needs …"
	@$(ALONE) $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-intel-mac.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests need …"
	@$(ALONE) $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-intel-mac.txt -r requirements-dev.txt
	@touch $@
