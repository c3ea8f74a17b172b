# Everything a person may do here. Each command sets up what it needs first and may be called again.
PYTHON ?= python3
BOOTSTRAP = @$(PYTHON) scripts/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench setup

help:  ## show this list
	@echo "make <command>"
	@sed -n 's/^\([a-z]*\):.*## /  \1@/p' $(MAKEFILE_LIST) | tr '@' '\t' | expand -t 10

run:  ## database, worker and web with practice organizations; prints address and log-ins; Ctrl-C stops all
	$(BOOTSTRAP) run $(ARGS)

test:  ## every test, browser tests included; ARGS="tests/ledger" for some
	$(BOOTSTRAP) test $(ARGS)

check:  ## what CI runs: style, types, doors, translations, security, house, tests; ARGS="style types" for some
	$(BOOTSTRAP) check $(ARGS)

bench:  ## the benchmarks; writes benchmarks/results
	$(BOOTSTRAP) bench $(ARGS)

setup:  ## only install what the other commands need
	$(BOOTSTRAP) setup
