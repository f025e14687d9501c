# Two commands do everything on a machine with Python 3.11 or newer: `make demo` and `make test`.

PYTHON := .venv/bin/python
BUNDLE := dist/tokenrouter-video

.PHONY: demo test lint bundle bench corpus references clean consumers

demo: .venv/.ready-to-run
	$(PYTHON) scripts/demo.py

test: lint
	$(PYTHON) -m pytest -n auto --dist loadfile
	$(PYTHON) tools/bundle.py $(BUNDLE)
	.venv/bin/agentskills validate $(BUNDLE)

lint: .venv/.ready-to-test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bundle: .venv/.ready-to-test
	$(PYTHON) tools/bundle.py $(BUNDLE)
	.venv/bin/agentskills validate $(BUNDLE)

bench: .venv/.ready-to-test
	$(PYTHON) tools/bench.py

# make corpus FOLDER=some/configs
corpus: .venv/.ready-to-run
	$(if $(FOLDER),,$(error Name the folder of configs: make corpus FOLDER=some/configs))
	$(PYTHON) tools/corpus.py $(FOLDER)

# Renews what is generated of the references; tests hold it equal to the program's own tables.
references: .venv/.ready-to-run
	$(PYTHON) -m tokenrouter_video.reference references/api_reference.md
	$(PYTHON) -m tokenrouter_video.routing.config_patterns references/config_patterns.md

clean:
	rm -rf .venv dist build .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/.ready-to-run: pyproject.toml constraints.txt tools/environment.sh
	sh tools/environment.sh
	touch $@

.venv/.ready-to-test: pyproject.toml constraints.txt tools/environment.sh
	sh tools/environment.sh dev
	touch $@ .venv/.ready-to-run

# Installs the consumers from PyPI and npm into .consumers, and lets them read what the program wrote; one: ONLY=litellm.
consumers: .venv/.ready-to-run
	PYTHONPATH=tools $(PYTHON) -m consumers $(ONLY:%=--only %)
