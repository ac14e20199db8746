# Every target does its own set-up on a fresh Debian machine that has Swift.

PREFIX ?= /usr/local
DESTDIR ?=

# No -Xswiftc flag may differ between the targets below, or each would build everything anew. Types are made by calls and
# not from their names: the runtime would look each name's conformances up in all of the binary's, 20 times a launch.
RELEASE = swift build --configuration release -Xswiftc -static-executable -Xlinker -s \
    -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
BINARY = .build/release/vault-sandbox

bin = $(DESTDIR)$(PREFIX)/bin
share = $(DESTDIR)$(PREFIX)/share
bash_completions = $(share)/bash-completion/completions
zsh_completions = $(share)/zsh/site-functions
fish_completions = $(share)/fish/vendor_completions.d
PAGES = $(wildcard man/*.[1-9])
POLICIES = $(wildcard policies/*.toml)
# The page man/NAME.N goes to share/man/manN.
installed_page = $(share)/man/man$(subst .,,$(suffix $(1)))/$(notdir $(1))

.PHONY: build test demo bench lint sanitize escape faults fuzz disguises install uninstall clean

build:
	scripts/install-dependencies build
	$(RELEASE) --product vault-sandbox

test:
	scripts/install-dependencies test
	$(RELEASE) --product vault-sandbox
	VAULT_SANDBOX_BINARY="$(CURDIR)/$(BINARY)" VAULT_SANDBOX_TESTS_MUST_RUN="$(if $(CI),1,$(VAULT_SANDBOX_TESTS_MUST_RUN))" \
	    swift test

demo: build
	scripts/replay-readme "$(CURDIR)/$(BINARY)"

bench:
	scripts/install-dependencies bench
	$(RELEASE) --product vault-sandbox
	VAULT_SANDBOX_HYPERSCAN=1 $(RELEASE) --product matcher-bench
	Benchmarks/run "$(CURDIR)/$(BINARY)"

lint:
	scripts/install-dependencies test
	swift format lint --strict --recursive Sources Tests Benchmarks Fuzz Package.swift
	scripts/lint-man $(PAGES)
	scripts/count-c

# The unit tests once more where a read or write out of place, and what C leaves undefined, ends them.
sanitize:
	scripts/install-dependencies test
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build/address --skip "$(UNSANITIZED)"

# They drive the release binary, or count what a sanitizer adds.
UNSANITIZED = EndToEndTests|EscapeTests|HouseTests

# Tries every attack with one layer left out at a time, which only a debug build can do, and says which layers stop it.
escape:
	scripts/install-dependencies test
	swift build --build-tests
	VAULT_SANDBOX_ESCAPE_TABLE=1 swift test --skip-build --filter LayerTests

# Kills, stops, starves and disturbs launches, so many of each kind, and looks at what is left of each.
FAULTS ?= 1000

faults:
	scripts/install-dependencies test
	$(RELEASE) --product vault-sandbox
	VAULT_SANDBOX_BINARY="$(CURDIR)/$(BINARY)" VAULT_SANDBOX_FAULTS="$(FAULTS)" swift test --filter FaultTests

# Feeds each parser with what libFuzzer makes of its corpus, for so many seconds each, and disguises secrets at random.
FUZZ_SECONDS ?= 60
FUZZ_DISGUISES ?= 10000000
FUZZ_TARGETS = policy profile message import redaction json terminal

fuzz:
	scripts/install-dependencies test
	swift build --product fuzz --sanitize=fuzzer -Xswiftc -DFUZZING --scratch-path .build/fuzz
	scripts/fuzz .build/fuzz/debug/fuzz "$(FUZZ_SECONDS)" $(FUZZ_TARGETS)
	$(MAKE) disguises DISGUISES="$(FUZZ_DISGUISES)"

# Disguises secrets at random, so many times, and looks for what redaction leaves of them.
DISGUISES ?= 1000000

disguises:
	scripts/install-dependencies build
	$(RELEASE) --product disguise-check
	@# Two processes and not two threads: each stream maps guarded memory, and threads would wait for each other there.
	.build/release/disguise-check $$(( $(DISGUISES) / 2 )) 0 & first=$$!; \
	.build/release/disguise-check $$(( $(DISGUISES) - $(DISGUISES) / 2 )) 1 && wait $$first

# Installing does not build, so that it can run as root on what an ordinary user has built.
install:
	@test -x "$(BINARY)" || { echo "make install: $(BINARY) is missing; run 'make build' first" >&2; exit 1; }
	install -d "$(bin)" "$(share)/vault-sandbox/policies" "$(bash_completions)" "$(zsh_completions)" "$(fish_completions)"
	install -m 0755 "$(BINARY)" "$(bin)/vault-sandbox"
	$(foreach page,$(PAGES),install -D -m 0644 "$(page)" "$(call installed_page,$(page))" &&) true
	install -m 0644 $(POLICIES) "$(share)/vault-sandbox/policies"
	install -D -m 0644 packaging/apparmor/vault-sandbox "$(share)/vault-sandbox/apparmor/vault-sandbox"
	"$(BINARY)" completion bash > "$(bash_completions)/vault-sandbox"
	"$(BINARY)" completion zsh > "$(zsh_completions)/_vault-sandbox"
	"$(BINARY)" completion fish > "$(fish_completions)/vault-sandbox.fish"
	chmod 0644 "$(bash_completions)/vault-sandbox" "$(zsh_completions)/_vault-sandbox" "$(fish_completions)/vault-sandbox.fish"

# Folders that others may use stay; the one of our own goes.
uninstall:
	rm -f "$(bin)/vault-sandbox" "$(bash_completions)/vault-sandbox" "$(zsh_completions)/_vault-sandbox" "$(fish_completions)/vault-sandbox.fish"
	rm -f $(foreach page,$(PAGES),"$(call installed_page,$(page))")
	rm -rf "$(share)/vault-sandbox"

clean:
	rm -rf .build Benchmarks/bin
