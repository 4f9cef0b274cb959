# Two commands on a fresh machine: make run, make test. Each begins by making .venv if need be.

PORT ?= 8000
export CHROMIUM
# Python is started often here; without its cache each start of Django takes seconds.
unexport PYTHONDONTWRITEBYTECODE

python = .venv/bin/python
code = config notifications networks wellbeing meetings tests manage.py
# On all cores, a file at a time, since the tests of a file share what they need.
whole = --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# Not from the environment, where HOST may mean something else.
host = $(if $(filter command line,$(origin HOST)),--host "$(HOST)")

.PHONY: run dev test check bench lock format clean

run:
	@bin/env
	@exec $(python) -m config.run --port "$(PORT)" $(host)

dev:
	@bin/env
	@exec $(python) -m config.run --dev --port "$(PORT)" $(host)

test:
	@bin/env
	@$(python) -m config.translations compile
	@CHROMIUM=$$(bin/browser) && export CHROMIUM && \
	exec $(python) -m config.embedded --data .local/test $(python) -m pytest $(or $(ARGS),$(whole))

check:
	@bin/env
	@exec bin/check

bench:
	@bin/env
	@$(python) -m config.translations compile
	@ONLY="$(ONLY)" exec $(python) -m config.embedded --data .local/bench $(python) tests/bench/run.py

format:
	@bin/env
	-@$(python) -m ruff check --fix $(code)
	@$(python) -m ruff format $(code)
	-@find templates -name '*.html' -exec .venv/bin/djade {} +

# Newest versions that pyproject.toml allows: make lock LOCK=--upgrade
lock:
	@bin/env
	@bin/lock $(LOCK)

clean:
	rm -rf .venv .local staticfiles bench.json .pytest_cache .ruff_cache .import_linter_cache .hypothesis
