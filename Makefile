# Everything from a bare checkout. `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PORT ?= 8000

.PHONY: help demo test lint screens lock

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: ## run the demonstration city on http://127.0.0.1:8000 (PORT=8123 moves it)
	@scripts/bootstrap demo
	@exec .venv/bin/hotline demo --port $(PORT)

test: ## run every check and test; brings its own servers
	@scripts/test

lint: ## run the linters and type checkers only
	@scripts/bootstrap dev
	@scripts/lint

screens: ## build the staff screens
	@scripts/bootstrap demo

lock: ## write the lock files anew from pyproject.toml
	@scripts/bootstrap dev
	@scripts/lock --upgrade
