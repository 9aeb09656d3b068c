# make help lists what there is. A fresh Debian or Ubuntu needs only Go and make.

GO       ?= go
SEEDS    ?= 1000
FUZZTIME ?= 20s
TARGETS  ?=
ARGS     ?=
ROWS     ?=

BIN      := bin/playground
DIST     := assets/dist/app.js
FRONT    := $(shell find assets/src assets/package.json assets/package-lock.json -type f 2>/dev/null)

.PHONY: help run build test check bench microbench suite sim fuzz assets generate deps-build deps-test golden screenshots clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: build ## build everything, start six nodes and the console
	$(BIN) run $(ARGS)

build: assets ## build bin/playground with the front end inside
	$(GO) build -trimpath -o $(BIN) ./cmd/playground

test: deps-test assets ## install what the tests need when missing, run every test, then fuzz what strangers can reach
	cd assets && npm test --silent
	CLIENTS=all $(GO) test -timeout 20m ./...
	$(MAKE) fuzz TARGETS="$(HOSTILE)"

check: deps-test assets ## everything a change must pass before it is shared
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -e -diff
	$(MAKE) generate
	git diff --exit-code -- '*_templ.go' '*.gen.go'
	cd assets && npm run --silent check && npm test --silent
	$(GO) test -race -timeout 25m ./...
	$(GO) test -timeout 25m ./playground/world
	LIVES=1000 $(GO) test -count=1 -run '^TestNothingIsLeft' ./playground
	AOF_KILLS=334 $(GO) test -count=1 -timeout 30m -run '^TestNothingAcknowledged' ./node/alone
	$(MAKE) fuzz FUZZTIME=5s
	$(MAKE) sim SEEDS=100

bench: build deps-test ## measure beside redis-server into BENCHMARKS.md (ROWS="Node Move": some chapters; BENCH_BIG=1: the long ones too)
	BENCH=1 BENCH_ROWS="$(ROWS)" $(GO) test -count=1 -timeout 120m -run '^TestBench$$' -v ./cmd/playground

microbench: ## run the benchmarks of single packages
	$(GO) test -run '^$$' -bench . -benchtime 200ms ./node/... ./playground/...

suite: deps-test ## run a suite of Redis' own against us (make suite SUITE=sentinel|cluster|unit|type|integration REDIS=a checkout of 7.0.15)
	$(call need,tclsh,tcl)
	SUITE=$(SUITE) REDIS=$(abspath $(REDIS)) $(GO) test -count=1 -timeout 60m -run '^TestSuite$$' -v ./cmd/playground

sim: ## live SEEDS=1000 worlds of all three kinds through the invariants (make check: 100)
	$(GO) run ./cmd/playground sim --seeds $(SEEDS)

# The twelve doors through which input comes from somebody else: requests, packets of the bus and a node
# that hears them, files, payloads of RESTORE, logs, a master's words, lessons, messages and requests of
# browsers, scripts, and who follows one with the debugger. make check fuzzes every target there is.
HOSTILE = node/resp:FuzzRequest node/bus:FuzzDecode node/cluster:FuzzReceive node/rdb:FuzzFile node/server:FuzzRestore \
  node/server:FuzzLog node/replication:FuzzMaster scenarios:FuzzParseLesson \
  web/hub:FuzzF9MessagesOfABrowser web:FuzzF10HeadersNeverEndARequestBadly node/server:FuzzScript node/script:FuzzDebugger

# An interesting input is made small in a hundred runs: by default that takes a minute, and nothing else.
# What fails is tried again, because a fuzzer on a busy computer may miss its own deadline; an input that
# breaks something is in testdata/fuzz by then and breaks it first of all.
fuzz: ## run every fuzz target, or TARGETS="package:Target …", for FUZZTIME each
	@targets="$(TARGETS)"; test -n "$$targets" || targets=$$(for pkg in $$($(GO) list ./...); do \
	  $(GO) test -list '^Fuzz' $$pkg | sed -n "s|^Fuzz|$${pkg#*/}:&|p"; done); \
	fuzz() { $(GO) test -run '^$$' -fuzz "^$${1#*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x "./$${1%:*}"; }; \
	for target in $$targets; do echo "$$target"; fuzz "$$target" || fuzz "$$target" || exit 1; done

assets: deps-build $(DIST) ## build the front end into assets/dist

$(DIST): $(FRONT)
	cd assets && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent build

generate: ## regenerate the templ components and the server of web/api/openapi.yaml
	$(GO) tool templ generate
	$(GO) generate ./web/api

golden: ## rewrite the golden files; read the diff as carefully as code
	$(GO) test ./... -run Golden -update

screenshots: build deps-test ## make the README's picture from a running lab
	SCREENSHOT=1 $(GO) test -count=1 -run '^TestScreenshot' -v ./cmd/playground

clean: ## remove what was built
	rm -rf bin assets/dist/*.js assets/dist/*.css assets/dist/*.map assets/node_modules

# What is missing is installed on Debian and Ubuntu as root; elsewhere it is named.
APT = DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
define need
	@command -v $(1) >/dev/null 2>&1 || { \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    echo "installing $(2)"; (apt-get update -qq && $(APT) $(2)) >/dev/null; \
	  elif command -v apt-get >/dev/null 2>&1 && command -v sudo >/dev/null 2>&1; then \
	    echo "installing $(2)"; (sudo apt-get update -qq && sudo $(APT) $(2)) >/dev/null; \
	  else \
	    echo "$(1) is missing: please install $(2) and run make again"; exit 1; \
	  fi; }
endef

deps-build:
	$(call need,npm,npm)

deps-test: deps-build
	$(call need,redis-server,redis-server redis-tools)
	$(call need,redis-cli,redis-tools)
	$(call need,chromium,chromium)
