# One program, one Makefile. `make help` prints this list.
GO      ?= go
NPM     ?= npm
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  = -s -w -X meixu/app.Version=$(VERSION)
LINT     = .tools/golangci-lint
LINTVER  = v2.15.0
DEMO     = demo-data
LISTEN  ?= 127.0.0.1:8420
GUEST   ?= 127.0.0.1:8421
OWN      = $(shell find . -name '*.go' -not -path './ui/assets/node_modules/*' -not -path './.tools/*')
# Durability suites run without the race detector: they time fsyncs.
RACED    = $(shell $(GO) list ./... | grep -v /bench)

.DEFAULT_GOAL := help
.PHONY: run build assets test race e2e bench fmt fmt-check lint check golden demo release help

run: build ## build all and start the demo clinic on http://localhost:8420
	bin/meixu serve --demo --data $(DEMO) --listen $(LISTEN) --guest $(GUEST)

build: assets ## write bin/meixu with everything in it
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/meixu .

assets: ui/assets/dist/manifest.json ## bundle what the browser gets

ui/assets/node_modules/.package-lock.json: ui/assets/package.json ui/assets/package-lock.json
	cd ui/assets && $(NPM) ci --no-audit --no-fund
	@touch $@

ui/assets/dist/manifest.json: ui/assets/node_modules/.package-lock.json ui/assets/build.mjs $(shell find ui/assets/src -type f 2>/dev/null)
	cd ui/assets && node build.mjs
	@touch $@

test: ## all tests that need Go alone
	$(GO) test ./...

race: ## the same with the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race $(RACED)

e2e: assets ## walks in a real browser; fails when there is none
	$(GO) test -tags e2e -count=1 -timeout 15m -run E2E ./ui/...

bench: ## the benchmarks, with ratios to what the machine can do
	$(GO) test -run '^$$' -bench . -benchtime 1s ./...

fmt: $(LINT) ## format the Go code
	$(LINT) fmt

fmt-check: $(LINT)
	@test -z "$$(gofmt -l $(OWN))" || { echo "run make fmt:"; gofmt -l $(OWN); exit 1; }

lint: $(LINT) ## vet and lint, the arrows of the house included
	$(GO) vet ./...
	$(GO) vet -tags e2e ./ui/...
	$(LINT) run ./...

$(LINT):
	GOBIN=$(CURDIR)/.tools $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTVER)

check: build fmt-check lint race e2e ## what CI runs: fmt, vet, lint, race, walks, build
	@echo checked

golden: ## rewrite the golden files of testdata
	MEIXU_GOLDEN=1 $(GO) test -count=1 ./ui/web ./store ./app/...

demo: build ## make the demo clinic anew and start it
	rm -rf $(DEMO)
	$(MAKE) run

release: assets ## programs for Windows, Linux and Mac in bin/release
	@mkdir -p bin/release
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/release/meixu-windows-amd64.exe .
	CGO_ENABLED=0 GOOS=linux GOARCH=amd64 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/release/meixu-linux-amd64 .
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/release/meixu-darwin-arm64 .

help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
