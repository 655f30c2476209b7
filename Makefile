# Entry points of the suite; each is a short script in scripts/ or one call of SwiftPM.
#
#   make setup     Debian packages and tool chain           make demo      simulate, refine and compare (demo-output/)
#   make build     the executable and bin/                  make bench     the benchmarks
#   make demo-movies   the same from simulated movies (demo-movies-output/)
#   make test      setup, build and all tests               make docs      docs/programs/ from the programs' own help
#   make install PREFIX=/usr/local                          make format    apply .swift-format
#
# Deliver with PREFIX; DESTDIR is honoured for packagers.

PREFIX ?= /usr/local
SWIFT  ?= swift
CONFIGURATION ?= release

export SWIFT CONFIGURATION

.PHONY: all setup build links test bench demo demo-movies docs install uninstall format lint clean

all: build

setup:
	@scripts/setup.sh

build:
	$(SWIFT) build -c $(CONFIGURATION) --product relion
	@scripts/links.sh bin

links:
	@scripts/links.sh bin

test: setup build
	@scripts/test.sh

bench: build
	@scripts/bench.sh

demo: build
	@scripts/demo.sh

demo-movies: build
	@MOVIES=1 scripts/demo.sh

docs: build
	@scripts/docs.sh

install: build
	@scripts/install.sh "$(DESTDIR)$(PREFIX)"

uninstall:
	@scripts/uninstall.sh "$(DESTDIR)$(PREFIX)"

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	$(SWIFT) format lint --recursive --parallel Package.swift Sources Tests

clean:
	rm -rf .build .build-tests bin demo-output demo-movies-output
