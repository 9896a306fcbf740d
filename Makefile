# Each target does its own set-up from nothing; the second time it takes a moment only.
SHELL := /bin/bash
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py

.PHONY: run test test-faults demo check bench accounts setup screenshots

setup:
	@config/setup

run: setup
	@exec $(PYTHON) -m config.supervisor

demo: setup
	@$(PYTHON) -m config.demo

accounts: setup
	@$(MANAGE) accounts

test: setup
	@$(PYTHON) -m tests

test-faults: setup
	@$(PYTHON) -m tests.faults

bench: setup
	@$(PYTHON) -m tests.benchmarks

screenshots: setup
	@$(PYTHON) -m tests.screenshots

check: setup
	@config/check
