# The two commands a newcomer needs are `make run` and `make test`. Nothing here needs more than Python 3.11–3.13.

PY = .venv/bin/python
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help run test setup setup-dev check bench demo-check test-parts lock messages docs

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

run: setup ## set up if needed, then the demo at http://localhost:8000
	@.venv/bin/apaise run --demo

test: setup-dev ## set up if needed, then the whole suite: SQLite, then PostgreSQL when a server answers
	@$(PY) tools/run_tests.py

setup: ## build .venv, so that .venv/bin/apaise exists
	@tools/setup.sh base

setup-dev: ## the same with what testing and checking needs
	@tools/setup.sh dev

check: setup-dev ## format, lint, types, imports, migrations, catalogues, templates, generated documents
	@$(PY) tools/check.py

bench: setup ## measure this machine with ten thousand cases (BENCH="list --size 10k,1M" for something else)
	@.venv/bin/apaise bench $(BENCH)

demo-check: setup-dev ## play all the stories of the demo on each weekday: some minutes
	@$(PY) tools/demo_check.py

test-parts: ## install chromium, dovecot and postgresql on Debian, for the tests that need them
	@tools/test_parts.sh

lock: setup-dev ## resolve the locked packages again
	@.venv/bin/uv --version >/dev/null || .venv/bin/python -m pip install --quiet --require-hashes -r requirements/setup.lock
	$(COMPILE) --upgrade pyproject.toml -o requirements/base.lock
	$(COMPILE) --upgrade --extra dev pyproject.toml -o requirements/dev.lock
	$(COMPILE) --upgrade requirements/setup.in -o requirements/setup.lock

messages: setup-dev ## extract the words of code and pages, and compile the catalogues
	@$(PY) tools/messages.py update

docs: setup-dev ## write the generated documents again
	@$(PY) tools/settings_doc.py --write
