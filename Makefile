# Common uses, on a machine with Python 3.11 or newer that reaches PyPI and the Go module proxy:
#
#   make demo          three linked clusters on this machine, from nothing: no cloud, no Docker
#   make check test    what CI runs
#   make fmt           repair what `make check` complains about
#   make clean         end everything that runs, remove everything that was built
#
# Every target installs and builds what it needs first, and skips what is there.

# The first Python on PATH that starts, is recent enough and can make a virtual environment.
RECENT := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for version in 3 3.13 3.12 3.11 3.14; do \
	python$$version -c '$(RECENT)' 2>/dev/null && echo python$$version && break; done)
VENV := .venv
PY := $(VENV)/bin/python3
SANDBOX := $(PY) -m sandbox
IN_SANDBOX := $(SANDBOX) run --
MESH := $(IN_SANDBOX) mesh
ENVIRONMENT ?= demo
CHECKED := linkmesh sandbox policies tests conftest.py __main__.py docs/site/docstrings.py docs/site/package.py docs/site/pages.py

# Modules are compiled once, not by each worker and each command of a test.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup toolchain start stop status env demo \
	live check fmt test test-sandbox unit bench sdks clean policies docs

help:
	@printf 'make TARGET, where TARGET is one of\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2} \
		/^## / {printf "\n%s\n", substr($$0, 4)}' $(firstword $(MAKEFILE_LIST))

# ------------------------------------------------------------------------------------------------
## Getting ready

setup: $(VENV)/.installed $(VENV)/bin/mesh  ## install Python packages and `mesh` into .venv

# The stamp is written last, so that an interrupted installation is begun again.
# Nothing goes to standard output, which `make env` leaves to the shell that evaluates it.
$(VENV)/.installed: requirements.txt requirements-dev.txt sdks/kind/pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv must be on PATH (there is none)." \
		"Install it, or name one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "setup: installing Python packages into $(VENV)" >&2
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) >&2
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt >&2
	@touch $@

$(VENV)/bin/mesh: cli/launcher.sh $(VENV)/.installed
	@cp cli/launcher.sh $@

toolchain: setup  ## build Pulumi, Kubernetes and Helm from Go modules; once, 15 to 20 minutes
	@$(SANDBOX) toolchain

policies: policies/.venv/.installed  ## install the policies, in an environment of their own

policies/.venv/.installed: policies/requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv must be on PATH (there is none)." \
		"Install it, or name one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "policies: installing them into policies/.venv" >&2
	@$(PYTHON) -m venv --clear policies/.venv >&2
	@policies/.venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement policies/requirements.txt >&2
	@touch $@

# ------------------------------------------------------------------------------------------------
## The sandbox

demo: start  ## bring the environment `demo` up on this machine and show it
	@$(MESH) up $(ENVIRONMENT)
	@$(MESH) status $(ENVIRONMENT)
	@printf '\nkubeconfigs  .linkmesh/sandbox/clusters/<cluster>/kubeconfig\n'
	@printf 'logs         .linkmesh/sandbox/logs, .linkmesh/sandbox/clusters/<cluster>/kwok\n'
	@printf 'use it       eval "$$(make env)"; pulumi preview --stack demo.west; mesh --help\n'
	@printf 'end it       make stop\n'

start: toolchain  ## start the sandbox: emulated AWS, plugins, mirror controllers
	@$(SANDBOX) start

status: setup  ## show what of the sandbox runs
	@$(SANDBOX) status

env: setup  ## print the sandbox's variables for a shell: eval "$(make env)"
	@$(SANDBOX) env

stop: setup  ## end the sandbox and forget its clusters and stacks
	@$(SANDBOX) stop
	@rm -f Pulumi.demo.*.yaml

# ------------------------------------------------------------------------------------------------
## With genuine Linkerd

# State and passphrase of its own: nothing of it mixes with a backend that somebody logged in to.
LIVE := .linkmesh/live
IN_LIVE = PATH="$(CURDIR)/$(VENV)/bin:$$PATH" PULUMI_BACKEND_URL="file://$(CURDIR)/$(LIVE)" \
	PULUMI_CONFIG_PASSPHRASE="$${PULUMI_CONFIG_PASSPHRASE-laptop}"

live: setup  ## the environment `laptop` on kind with Linkerd; needs Docker and the internet
	@for tool in docker pulumi kubectl; do command -v $$tool >/dev/null || { \
		echo "$$tool must be on PATH (it is not). 'make live' runs genuine clusters;" \
		"see docs/live.md. Without Docker, use: make demo" >&2; exit 1; }; done
	@docker info >/dev/null 2>&1 || { echo "docker must answer (docker info fails)." \
		"Start Docker, and see that this user may use it." >&2; exit 1; }
	@test "$$(docker info --format '{{.CgroupVersion}}')" != 1 || { echo "Docker must use cgroup v2 (it" \
		"uses v1). Kubernetes 1.35 does not start on v1; see docs/live.md. Without it, use: make demo" \
		>&2; exit 1; }
	@mkdir -p $(LIVE)
	@$(IN_LIVE) $(PY) -m linkmesh.cli up laptop
	@$(IN_LIVE) $(PY) -m linkmesh.cli status laptop

# ------------------------------------------------------------------------------------------------
## Checking and testing

# A file's tests stay together, since they share a sandbox, which takes up to 3 GiB. One worker more
# than processors: an environment that comes up waits for a third of the time. What starts nothing
# never waits, and each worker imports and collects everything.
FILES := --dist loadfile --no-loadscope-reorder
SIDE_BY_SIDE := --numprocesses 3 $(FILES)

check: setup  ## format, lint, types and the rules of who imports whom
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/ruff check
	$(VENV)/bin/mypy $(CHECKED)
	$(VENV)/bin/lint-imports

test: setup  ## every test, but those of the sandbox that passed here and did not change
	@$(SANDBOX) toolchain --tests
	SANDBOX_TESTS=changed $(PY) -m pytest $(SIDE_BY_SIDE)

test-sandbox: setup  ## all tests of the sandbox itself
	@$(SANDBOX) toolchain --tests
	$(PY) -m pytest $(SIDE_BY_SIDE) sandbox/tests

unit: setup  ## the product's tests that start nothing
	$(PY) -m pytest --numprocesses 2 $(FILES) -m 'not sandbox' tests

bench: toolchain  ## measure the budgets: medians, in a sandbox of its own
	@$(PY) -m sandbox.bench

# ------------------------------------------------------------------------------------------------
## Documentation

SITE := .linkmesh/site

# Each page is looked at, each link is followed, and the build ends with the first problem it lists.
docs: setup $(SITE)/venv/.installed  ## build the site from docs/ and the code; strict about links
	@rm -rf $(SITE)/html
	@PYTHONPATH=. $(PY) docs/site/pages.py $(SITE)/pages
	@LINKMESH_PROJECT="$(CURDIR)" \
		LINKMESH_PACKAGES="$$($(PY) -c 'import site; print(site.getsitepackages()[0])')" \
		$(SITE)/venv/bin/python -m sphinx -q --fail-on-warning --keep-going -b html \
		-d $(SITE)/cache -c docs/site $(SITE)/pages $(SITE)/html
	@echo "docs: $(SITE)/html/index.html"

$(SITE)/venv/.installed: docs/site/requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv must be on PATH (there is none)." \
		"Install it, or name one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "docs: installing Sphinx into $(SITE)/venv" >&2
	@$(PYTHON) -m venv --clear $(SITE)/venv >&2
	@$(SITE)/venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement docs/site/requirements.txt >&2
	@touch $@

# ------------------------------------------------------------------------------------------------
## Repairing and generating

fmt: setup  ## format, and fix what the linter can
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

sdks: setup  ## generate sdks/ from their schemas
	@$(SANDBOX) sdks

# ------------------------------------------------------------------------------------------------
## Removing

# With any Python and without the virtual environment, which may be what is broken.
clean:  ## end everything that runs, remove everything that was installed, built or cached
	@$(or $(PYTHON),python3) -I -c "import sys; sys.path.insert(0, \".\"); from sandbox.home import clean; clean()"
	rm -rf $(VENV) .kubeconfigs Pulumi.demo.*.yaml sdks/kind/build sdks/kind/*.egg-info build \
		linkmesh.egg-info policies/.venv \
		.mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
