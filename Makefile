# SPDX-License-Identifier: MIT
#
# A door to meson: the build itself is in meson.build. `make help` lists the targets.

BUILD := build
DESTDIR ?=
PREFIX ?= /usr/local

.PHONY: all deps configure demo test check cross-check bench soak install clean help

all: configure
	@[ -x $(BUILD)/hops ] || echo 'building $(BUILD)/hops, which takes a minute or two'
	@ninja -C $(BUILD) --quiet

deps:
	@tools/deps

configure: deps
	@[ -f $(BUILD)/build.ninja ] || meson setup $(BUILD) --prefix=$(PREFIX) >/dev/null

demo: all
	@$(BUILD)/hops --simulate -m pretty

test: configure
	@tools/deps test
	@tools/test.sh $(BUILD)

check: configure
	@tools/deps ci
	@tools/check.sh

# Optional, and not part of CI: a compiler of 400 MB is fetched the first time.
cross-check:
	@tools/cross-check

soak: all
	@bench/soak $(BUILD)/hops

bench: all
	@tools/deps ci
	@bench/speed $(BUILD)/hops
	@bench/accuracy $(BUILD)/hops
	@bench/screen $(BUILD)/hops

install: all
	@DESTDIR=$(DESTDIR) meson install -C $(BUILD) --no-rebuild

clean:
	rm -rf $(BUILD) build-check

help:
	@echo 'make            build $(BUILD)/hops'
	@echo 'make demo       build and show a trace through a simulated network (no root, no network)'
	@echo 'make test       build and run every test that can run here (all of them as root)'
	@echo 'make check      the gates: format, warnings, sanitizers, static analysis, architecture'
	@echo 'make cross-check compile libhops for macOS, the BSDs and musl (not run there)'
	@echo 'make bench      figures for speed, accuracy and the screen (root)'
	@echo 'make soak       an hour of 200 simulated targets: memory, descriptors, punctuality'
	@echo 'make install    install below PREFIX=$(PREFIX) (DESTDIR is honoured)'
	@echo 'make clean      remove what was built'
