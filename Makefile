# Redis in TypeScript, built the way Redis is built.
#
#   make                 compile the sources to dist/, if any of them changed
#   make test            compile, then run all tests
#   make install         put the programs under /usr/local, or another PREFIX
#   make uninstall       take them away again
#   make clean           remove what was compiled; `distclean` removes the npm packages, too
#
# npm could do all of this (package.json has scripts of the same names), and these rules call the same
# tools. This file is here because Redis has one, and because it shows make at work on a project where
# every rule is small. Read it from top to bottom; what make does is explained where it first happens.
#
# A rule reads "target: prerequisites", followed by the commands that bring the target up to date, each
# behind a TAB. make compares times: it runs the commands when the target is missing, or older than one
# of its prerequisites. All the rest of the language serves to write such rules briefly.

# ---------------------------------------------------------------------------------------- settings

# `?=` sets a variable only if it has no value yet, from the environment for example. A value on the
# command line (`make install PREFIX=$HOME/.local`) wins over any assignment in here.
NODE ?= node
NPM ?= npm
PREFIX ?= /usr/local

# Packagers install into a scratch folder first: DESTDIR goes before every path that is written to, but
# not into the links, which shall be right at the final place.
DESTDIR ?=

INSTALL_BIN := $(PREFIX)/bin
INSTALL_LIB := $(PREFIX)/lib/redis-readable

# `:=` computes the right side here and now. With plain `=` it would be computed again at each use,
# and $(wildcard ...) would search the disk each time.
ROOMS := posix ae networking object quicklist server persistence replication cluster scripting cli
ENTRIES := $(filter-out bin/compile-cache.ts,$(wildcard bin/*.ts))
SOURCES := $(wildcard bin/*.ts) \
           $(foreach room,$(ROOMS),$(wildcard $(room)/*.ts $(room)/*/*.json))
CONFIG := package.json tsconfig.json tsconfig.build.json tools/build.cjs

# A substitution reference: each word bin/X.ts becomes X. From the sources of the programs follow their
# names, and nobody has to keep a second list.
PROGRAMS := $(ENTRIES:bin/%.ts=%)

# ------------------------------------------------------------------------------------- quiet output

# Instead of the whole command, print one short line for it, in colors if this is a terminal. The
# leading @ keeps make from echoing the printf itself. `make V=1` shows the commands in full: then the
# variables stay empty, and nothing stands between make and the command.
ifndef V
ifneq ($(shell test -t 2 && echo terminal),)
CCCOLOR := \033[34m
SRCCOLOR := \033[33m
BINCOLOR := \033[37;1m
ENDCOLOR := \033[0m
endif
QUIET_TSC = @printf '    %b %b\n' '$(CCCOLOR)TSC$(ENDCOLOR)' '$(SRCCOLOR)$(@D)$(ENDCOLOR)' >&2;
QUIET_NPM = @printf '    %b %b\n' '$(CCCOLOR)NPM$(ENDCOLOR)' '$(SRCCOLOR)$<$(ENDCOLOR)' >&2;
QUIET_INSTALL = @printf '    %b %b\n' '$(CCCOLOR)INSTALL$(ENDCOLOR)' '$(BINCOLOR)$@$(ENDCOLOR)' >&2;
QUIET_LINK = @printf '    %b %b\n' '$(CCCOLOR)LINK$(ENDCOLOR)' '$(BINCOLOR)$@$(ENDCOLOR)' >&2;
endif

# ------------------------------------------------------------------------------------------ building

# The first target of the file is what a bare `make` builds.
all: dist/.stamp
	@echo ""
	@echo "Hint: It's a good idea to run 'make test' ;)"
	@echo ""

# Names in .PHONY are not files. Without this line a file that happens to be called `test` would make
# `make test` say that all is up to date.
.PHONY: all start test lint typecheck ok bench mirror install uninstall clean distclean

# If a command fails half way, make removes the target that it was about to make: a half-written file
# must not look up to date the next time.
.DELETE_ON_ERROR:

# One compiler run makes all files, so there is no rule for each. A stamp, an empty file as good as,
# stands for all of them; its time is the time of the last build. $@ is the target, and $(@D) is the
# folder part of it. The order-only prerequisite behind the bar must exist, but its time is ignored.
dist/.stamp: $(SOURCES) $(CONFIG) | node_modules/.package-lock.json
	$(QUIET_TSC) $(NODE) tools/build.cjs --force

# npm writes this file at the end of an installation. $< is the first prerequisite: with a new
# package-lock.json the packages are installed anew.
node_modules/.package-lock.json: package-lock.json
	$(QUIET_NPM) $(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

# --------------------------------------------------------------------------------- running, testing

start: dist/.stamp
	$(NODE) dist/bin/redis-server.js

# Several targets may share one rule. It is used for each on its own, and $@ tells which one it is:
# `make lint` runs `npm run lint`.
test lint typecheck ok bench mirror: dist/.stamp
	$(NPM) run --silent $@

# ---------------------------------------------------------------------------------------- installing

# What `make install` makes in the end: one link a program. The list holds names of files, so that a
# pattern rule can make them one by one.
INSTALLED := $(PROGRAMS:%=$(DESTDIR)$(INSTALL_BIN)/%)

install: $(INSTALLED)

# The compiled code, and the packages that it needs at run time: `npm ls` knows which, and prints their
# folders below the folder of the project, itself first. $$ is one $ for the shell.
#
# A rule without commands whose target is no file counts as just made. What depends on FORCE is
# therefore made each time: the install copies anew, whatever stands there.
$(DESTDIR)$(INSTALL_LIB): dist/.stamp FORCE
	$(QUIET_INSTALL) rm -rf $@ && mkdir -p $@ && cp -R dist package.json LICENSE redis.conf $@/ && \
	  rm -f $@/dist/.stamp $@/dist/.tsbuildinfo && \
	  $(NPM) ls --omit=dev --all --parseable --loglevel=error | sed -n "s|^$(CURDIR)/||p" | \
	  while read -r dir; do mkdir -p "$@/$$(dirname $$dir)" && cp -R "$$dir" "$@/$$dir"; done

FORCE:

# A static pattern rule: for each word of the first list, % is the part that varies, and $* is that
# part in the commands. Node finds the packages beside the real file, whatever link led there.
$(INSTALLED): $(DESTDIR)$(INSTALL_BIN)/%: $(DESTDIR)$(INSTALL_LIB)
	$(QUIET_LINK) mkdir -p $(@D) && ln -sf $(INSTALL_LIB)/dist/bin/$*.js $@

uninstall:
	rm -f $(INSTALLED)
	rm -rf $(DESTDIR)$(INSTALL_LIB)

# ------------------------------------------------------------------------------------------ cleaning

# The commands of a rule run in a shell each, and make stops at the first that fails. `rm -f` does not
# fail for a file that is not there.
clean:
	rm -rf dist coverage site

distclean: clean
	rm -rf node_modules
