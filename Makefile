# Every target makes .venv itself when it is missing or older than what it is made from.

PYTHON ?= python3
BIN := .venv/bin
DISTRIBUTIONS := core $(wildcard plugins/*) contracts
PROJECTS := $(addsuffix /pyproject.toml,$(DISTRIBUTIONS))
EDITABLE := -e core[web,cli,bulk,postgresql,saleor] $(foreach room,$(wildcard plugins/*),-e $(room)) -e contracts
# -qq leaves errors alone; what pip would like to say besides is nobody's concern here
PIP := PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m pip -qq --disable-pip-version-check
# the tests wait for services more than they compute: two workers a core of the smallest machine that runs them
WORKERS ?= 4
# of `make fuzz`: so long at each door, from this seed, and which doors; all without any
SECONDS ?= 60
SEED ?= 12
DOORS ?=
# one module stays with one worker, so that it starts its service once; those that wait longest come first (conftest.py)
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder
# what the night alone tries is not even collected, where that is a matter of an option
BY_DAY := -m "not exhaustive" -o portes_faults=distinct
LINT := $(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . \
	&& $(BIN)/python scripts/check_types.py && $(BIN)/python scripts/check_imports.py

# Lint beside the tests, of which many wait for a service: together they take the time of the tests. What lint says
# comes below what they say, and either may fail the whole. (Of a line that says $(MAKE), --dry-run would run it all.)
define beside_lint
@said=$$(mktemp); ( $(LINT) ) >$$said 2>&1 & lint=$$!; \
$(1); tests=$$?; \
wait $$lint; linted=$$?; cat $$said; rm $$said; \
test $$tests -eq 0 && test $$linted -eq 0
endef

# The tests start many processes, each of which would compile the product anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve test test-all fuzz coverage lint format bench bench-long bench-tables docs dist clean help
.DEFAULT_GOAL := test

.venv/made: constraints.txt $(PROJECTS)
	@echo "Making .venv: the first time takes about a minute."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) uninstall --yes --root-user-action=ignore portes-contracts # the former name of portes-testing, with the same pytest plugin
	@$(PIP) install --root-user-action=ignore --no-warn-script-location -r constraints.txt $(EDITABLE)
	@touch $@

demo: .venv/made        ## one documented marketplace question, answered over HTTP
	$(BIN)/portes demo

serve: .venv/made       ## the demo store on loopback, until you stop it
	NETSHOES_PASSWORD=$${NETSHOES_PASSWORD:-try-it-out} NATIVE_KEY=$${NATIVE_KEY:-try-it-out-with-this} $(BIN)/portes serve examples/demo-store

test: .venv/made        ## everything CI runs
	$(call beside_lint,$(PYTEST) $(BY_DAY))

test-all: .venv/made    ## everything there is to test, with twenty times the examples; about twenty minutes
	$(call beside_lint,$(PYTEST) --hypothesis-profile=thorough)

fuzz: .venv/made        ## strange inputs at every door, SECONDS=60 at each from SEED=12; what surprises is kept as a test
	PYTHONPATH=tests/support:contracts/tests $(BIN)/python -m fuzzing --seconds $(SECONDS) --seed $(SEED) $(DOORS)

coverage: .venv/made    ## the tests once more, and which lines they leave out; takes half as long again
	$(PYTEST) $(BY_DAY) --cov --cov-report=term

lint: .venv/made        ## format, rules, types, who imports whom
	$(LINT)

format: .venv/made      ## write the format that lint asks for
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/made       ## figures, as ratios in one run
	@$(PIP) install --root-user-action=ignore -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks

bench-tables: .venv/made ## compiling two million rows against csv.reader; takes minutes
	PORTES_BENCH_ROWS=2000000 $(BIN)/python -m benchmarks compile_tables

bench-long: .venv/made  ## the loads for ten minutes each; takes hours
	PORTES_BENCH_SECONDS=600 $(BIN)/python -m benchmarks memory load_scenarios

docs: .venv/made        ## write what is generated: schemas, settings reference, tables
	$(BIN)/python -m docs.generate

dist: .venv/made        ## build every wheel and try it in a clean environment
	$(BIN)/python scripts/try_wheels.py

clean:                  ## remove everything that was made
	rm -rf .venv dist .coverage* .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

help:                   ## what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*##/\1\t/p' Makefile
