# The two commands of a newcomer are `make demo` and `make test`; each installs what it needs on a bare
# Debian 12 (git, make, root). `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
JOBS ?= $(shell nproc)

.PHONY: help bootstrap configure winnow build test demo bench peers fuzz lint check-format format asan tsan console clean

help: ## what can be made
	@grep -hE '^[a-z -]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

bootstrap: ## install what the build needs (Debian packages; asks for nothing that is there)
	@scripts/bootstrap build

configure: bootstrap
	@cmake --preset dev > build.log 2>&1 || { cat build.log; rm -f build.log; exit 1; }; rm -f build.log

build: configure ## build the winnow binary and the tests: build/dev
	@cmake --build --preset dev -j $(JOBS)

winnow: configure ## build the winnow binary alone: build/dev/src/cli/winnow
	@cmake --build --preset dev -j $(JOBS) --target winnow

test: build ## build and run every test
	@ctest --preset dev -j $(JOBS)

lint: ## clang-format and clang-tidy over all sources (FILES="..." for some of them)
	@scripts/bootstrap lint
	@scripts/lint $(FILES)

check-format: ## only whether the sources are in the house format
	@scripts/bootstrap lint
	@scripts/lint --format

format: ## rewrite the sources in the house format
	@scripts/bootstrap lint
	@git ls-files '*.cc' '*.h' | xargs clang-format-16 -i

asan tsan: ## the tests under sanitizers: address and undefined behaviour, or thread
	@scripts/bootstrap lint
	@cmake --preset $@ > build.log 2>&1 || { cat build.log; rm -f build.log; exit 1; }; rm -f build.log
	@cmake --build --preset $@ -j $(JOBS)
	@ctest --preset $@ -j $(JOBS)

peers: configure ## verify against third-party tools; each that cannot be had is skipped aloud
	@scripts/bootstrap peers
	@tests/peers/run build/dev

console: ## whether console/dist is what its sources make, and the console's tests, in a browser too
	@scripts/bootstrap console
	@scripts/console-check
	@scripts/console-test

fuzz: ## every fuzz target for SECONDS_EACH=30 over its corpus
	@scripts/bootstrap lint
	@scripts/fuzz

bench: ## the benchmarks, beside the tools a user would take instead
	@scripts/bootstrap bench
	@cmake --preset release > /dev/null && cmake --build --preset release -j $(JOBS)
	@scripts/bench

demo: winnow ## simulate a company's mail and logs, train, promote, decide, then serve it with a console
	@scripts/demo

clean: ## remove what was built
	@rm -rf build
