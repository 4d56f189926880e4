# One program, one Makefile. `make help` prints this list.
SHELL    = /bin/bash
GO      ?= go
NPM     ?= npm
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  = -s -w -X meixu/app.Version=$(VERSION)
LINT     = .tools/golangci-lint
LINTVER  = v2.15.0
DEMO     = demo-data
LISTEN  ?= 127.0.0.1:8420
GUEST   ?= 127.0.0.1:8421
# One way to compile for the program, its tests and its linters, so that everything is compiled
# once. The race detector alone needs C.
export GOFLAGS := $(strip -trimpath $(GOFLAGS))
export CGO_ENABLED := 0
OWN      = $(shell find . -name '*.go' -not -path './ui/assets/node_modules/*' -not -path './.tools/*')
PAGES    = $(filter-out ui/assets/,$(wildcard ui/*/))
# SQLite is C translated to Go: the race detector slows it tenfold and finds nothing of ours
# in it. Our own code and every library between are watched; the driver too, for the linker may
# take its copies of generic functions for those of the standard library.
RACE     = -race -gcflags='modernc.org/sqlite/lib=-race=false' -gcflags='modernc.org/libc/...=-race=false'
# The durability suites kill processes and time fsyncs, some proofs edit a thousand rows, weigh the
# heap, guess ten thousand times or ask every route as every role, the practice clinic is a thousand
# deeds long, and the table of refusals posts to every route as every role; they run without the
# detector, which watches the same code in the tests of the rooms.
DURABLE  = Kill|Crash|Torn|ServeDemo|TR05|TR14|TR16|TR18|TR19|TR20|TR22|TR24
# The walks: packages and tests of the files with the build tag e2e.
WALKED   = $(shell grep -rl '^//go:build e2e' --include='*_test.go' ui)
WALKS    = $(addprefix ./,$(sort $(dir $(WALKED))))
RACED    = $(shell $(GO) list ./... | grep -v -e '^meixu/backup$$' -e '^meixu/app/demo$$' -e '^meixu/ui/gates$$' $(patsubst %,-e '^meixu/%$$',$(ROOMY)))
# Rooms whose tests walk a client through many pages, one request after the other: the detector
# quadruples their time and the same server is watched in the other rooms. They are watched by night.
ROOMY    = ui/procedure ui/consultation ui/documents ui/aftercare ui/forms ui/reception ui/floor ui/finance

.DEFAULT_GOAL := help
.PHONY: run build assets pages test race durable e2e bench trust nightly wine fuzz release-gate fmt fmt-check vet lint check cover golden demo windows release help

run: build ## build all and start the demo clinic on http://localhost:8420
	bin/meixu serve --demo --data $(DEMO) --listen $(LISTEN) --guest $(GUEST)

build: assets ## write bin/meixu with everything in it
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/meixu .

assets: ui/assets/dist/manifest.json ## bundle what the browser gets

ui/assets/node_modules/.package-lock.json: ui/assets/package.json ui/assets/package-lock.json
	cd ui/assets && $(NPM) ci --no-audit --no-fund
	@touch $@

ui/assets/dist/manifest.json: ui/assets/node_modules/.package-lock.json ui/assets/build.mjs $(shell find ui/assets/src -type f 2>/dev/null)
	cd ui/assets && node build.mjs
	@touch $@

test: ## all tests that need Go alone
	$(GO) test ./...

race: ## the same with the race detector (needs a C compiler), durability suites without
	CGO_ENABLED=1 $(GO) test $(RACE) -vet=off -timeout 15m -skip '$(DURABLE)' $(RACED)
	$(MAKE) --no-print-directory durable

durable: ## kill, crash and backup suites
	$(GO) test -vet=off -count=1 -timeout 10m -run '$(DURABLE)' ./store/... ./app/engine/media ./ui/media ./ui/web
	$(GO) test -vet=off -timeout 10m ./backup/... ./app/demo/... ./ui/gates $(patsubst %,./%,$(ROOMY))
	$(GO) test -vet=off -timeout 5m -run ServeDemo ./ui/cli

e2e: assets ## walks in a real browser; fails when there is none
	$(GO) test -tags e2e -vet=off -count=1 -timeout 15m -run E2E $(WALKS)

bench: ## a table: what the program does beside what this machine can do
	@$(GO) test -tags bench -vet=off -count=1 -timeout 10m -run TestTable -v ./ui/bench | grep -v -e '^=== ' -e '^--- ' -e '^PASS'
	@$(GO) test -vet=off -run - -bench Verify -benchtime 3x ./store | grep '^Benchmark'

TRUST    = $(GO) test -tags bench -vet=off -count=1 -timeout 7h -run TestTrust -v ./ui/bench | grep -v -e '^=== ' -e '^--- PASS' -e '^PASS'
FUZZFOR ?= 5m

trust: $(LINT) ## one table: what the trust plan promises, the figure, pass or fail (some minutes)
	@set -o pipefail; MEIXU_KILLS=$${MEIXU_KILLS:-200} MEIXU_IMAGES=$${MEIXU_IMAGES:-3000} MEIXU_FLIPS=$${MEIXU_FLIPS:-500} $(TRUST)

nightly: $(LINT) ## the same with the figures of a night, then every fuzz target for FUZZFOR
	@set -o pipefail; MEIXU_KILLS=$${MEIXU_KILLS:-1000} MEIXU_IMAGES=$${MEIXU_IMAGES:-30000} MEIXU_FLIPS=$${MEIXU_FLIPS:-5000} \
		MEIXU_RACES=$${MEIXU_RACES:-10000} MEIXU_SLOW=$${MEIXU_SLOW:-2000} MEIXU_ROUNDS=$${MEIXU_ROUNDS:-60} MEIXU_HOURS=$${MEIXU_HOURS:-5} MEIXU_FAULTS=$${MEIXU_FAULTS:-15} MEIXU_MB=$${MEIXU_MB:-1024} $(TRUST)
	CGO_ENABLED=1 $(GO) test $(RACE) -vet=off -timeout 30m $(patsubst %,./%,$(ROOMY))
	@$(MAKE) --no-print-directory fuzz

wine: ## the Windows build under Wine (wine64 and gcc-mingw-w64-x86-64 must be there): kills, DPAPI, renames
	$(GO) test -tags wine -vet=off -count=1 -timeout 2h -run TR28 -v ./ui/gates

fuzz: ## every fuzz target for FUZZFOR
	@set -e; grep -rlE '^func FuzzTR25' --include='*_test.go' . | while read -r file; do \
		sed -nE 's/^func (FuzzTR25[A-Za-z0-9]*)\(.*/\1/p' "$$file" | while read -r target; do \
			echo "$$target"; $(GO) test -vet=off -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZFOR) -fuzzminimizetime 10x "$$(dirname "$$file")"; \
		done; \
	done

release-gate: $(LINT) ## the same with the figures of a release (hours)
	@set -o pipefail; MEIXU_KILLS=$${MEIXU_KILLS:-5000} MEIXU_IMAGES=$${MEIXU_IMAGES:-100000} MEIXU_FLIPS=$${MEIXU_FLIPS:-5000} \
		MEIXU_RACES=$${MEIXU_RACES:-10000} MEIXU_SLOW=$${MEIXU_SLOW:-2000} MEIXU_ROUNDS=$${MEIXU_ROUNDS:-600} MEIXU_HOURS=$${MEIXU_HOURS:-5} MEIXU_FAULTS=$${MEIXU_FAULTS:-15} MEIXU_MB=$${MEIXU_MB:-3072} $(TRUST)
	@$(MAKE) --no-print-directory fuzz

fmt: $(LINT) ## format the Go code
	$(LINT) fmt

fmt-check: $(LINT)
	@$(LINT) fmt --diff || { echo "run make fmt"; exit 1; }

vet: ## what the compiler's friend finds, walks and measurements included
	$(GO) vet -tags 'e2e bench' ./...

lint: $(LINT) ## all linters, the arrows of the house included
	$(LINT) run ./...

pages: assets ## size budgets, types of the scripts, htmx 2 leftovers in our pages
	cd ui/assets && node build.mjs --budget
	cd ui/assets && node_modules/.bin/tsc --noEmit -p .
	node ui/assets/node_modules/htmx.org/dist/scripts/upgrade-check.js --no-color --ext .html $(PAGES)

$(LINT):
	GOBIN=$(CURDIR)/.tools $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTVER)

# Compilers and tests throw much away, and a machine that checks has the memory.
check: export GOGC = 300
check: fmt-check vet lint pages build windows race e2e ## what CI runs: fmt, vet, lint, pages, build, race, walks
	@echo checked

cover: ## how much of the rules and deeds the tests reach
	$(GO) test -coverpkg=./app/...,./store/...,./backup/... -coverprofile=coverage.out ./...
	$(GO) tool cover -func=coverage.out | tail -1

golden: ## rewrite the golden files of testdata
	MEIXU_GOLDEN=1 $(GO) test -count=1 ./ui/web ./store ./app/...

demo: build ## make the demo clinic anew and start it
	rm -rf $(DEMO)
	$(MAKE) run

windows: assets ## the program compiles for the front desk's PC
	GOOS=windows GOARCH=amd64 $(GO) build -o /dev/null .

release: assets ## programs for Windows, Linux and Mac in bin/release
	@mkdir -p bin/release
	GOOS=windows GOARCH=amd64 $(GO) build -ldflags '$(LDFLAGS)' -o bin/release/meixu-windows-amd64.exe .
	GOOS=linux GOARCH=amd64 $(GO) build -ldflags '$(LDFLAGS)' -o bin/release/meixu-linux-amd64 .
	GOOS=darwin GOARCH=arm64 $(GO) build -ldflags '$(LDFLAGS)' -o bin/release/meixu-darwin-arm64 .

help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
