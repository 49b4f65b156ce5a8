# make run     sets up what is missing, then opens FlowViz. With no display it trains the first project instead, and leaves
#              its checkpoint and a picture of the window in $(OUT).
# make test    sets up what is missing, then runs the tests.
# make check   sets up what is missing, then runs the linter, the types and the import rules.
# make clean   removes the virtual environment and $(OUT).
VENV ?= .venv
OUT  ?= out
PYTEST_ARGS ?=

SHELL := /bin/sh
PY    := $(VENV)/bin/python
SETUP := $(VENV)/.flowviz

.PHONY: run test check clean
.DEFAULT_GOAL := run

run: $(SETUP)-app
	@$(PY) -m flowviz.cli_libraries
	@if [ "$$(uname -s)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then \
	  $(PY) -m flowviz.cli_first_run "$(OUT)"; \
	else \
	  $(PY) -m flowviz; \
	fi

test: $(SETUP)-dev
	@QT_QPA_PLATFORM=offscreen $(PY) -m flowviz.cli_libraries
	$(PY) -m pytest $(PYTEST_ARGS)

check: $(SETUP)-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

clean:
	rm -rf "$(VENV)" "$(OUT)"

# A stamp newer than what it was made from means that nothing is to be installed.
$(SETUP)-app: pyproject.toml constraints.txt | $(PY)
	@echo "flowviz: installing FlowViz with torch and Qt into $(VENV) (once; some minutes the first time)"
	@$(PY) -m pip install --disable-pip-version-check -c constraints.txt -e . \
	  || { echo "flowviz: the installation failed; pip's last lines above say why. Then run make again." >&2; exit 1; }
	@touch $@

$(SETUP)-dev: pyproject.toml constraints.txt | $(PY)
	@echo "flowviz: installing FlowViz and its test tools into $(VENV) (once; some minutes the first time)"
	@$(PY) -m pip install --disable-pip-version-check -c constraints.txt -e '.[dev]' \
	  || { echo "flowviz: the installation failed; pip's last lines above say why. Then run make again." >&2; exit 1; }
	@touch $(SETUP)-app $@

$(PY):
	@for candidate in $(PYTHON) python3 python python3.13 python3.12 python3.11 python3.14; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    found="$$candidate"; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "flowviz: no Python 3.11 or newer was found; install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	echo "flowviz: making a virtual environment in $(VENV) with $$("$$found" --version)"; \
	if ! "$$found" -m venv "$(VENV)"; then \
	  rm -rf "$(VENV)"; \
	  echo "flowviz: this Python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 1; \
	fi
