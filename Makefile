# The tasks of this repository. Each one does its own set-up; on a fresh machine Rust, Node with npm, Python 3,
# make and a C compiler are enough. What a task does stands in the script of its name.

.DEFAULT_GOAL := help
.PHONY: help demo test check soak bench setup conformance

help: ## Lists the tasks.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Builds Switchboard, starts it with its emulator, and says what to open and type.
	@scripts/demo

test: ## Runs every test: Rust on SQLite and PostgreSQL, documentation, and the conformance suites.
	@scripts/test

check: ## Checks format, lints and the rules of the house; seconds when nothing changed.
	@scripts/check

soak: ## Runs more kills, more seeds, and a minute of each fuzz target.
	@scripts/soak

bench: ## Builds for speed and prints the figures of docs/performance.md for this machine.
	@scripts/bench

conformance: ## Runs Twilio's libraries and its OpenAPI description against the emulator alone.
	@scripts/conformance

setup: ## Installs what the tests need, and nothing else.
	@scripts/setup
