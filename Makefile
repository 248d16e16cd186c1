.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

ENV ?= local  # local, dev or prod: which folder of terraform/environments to work on
ENV := $(strip $(ENV))
KEEP ?=  # KEEP=1: e2e-local leaves the local AWS running and says what to try next
ORCHESTRATOR ?= mwaa  # none: e2e-local goes without Airflow, which takes half the time
OUT ?=  # OUT=build/plan: plan keeps what it worked out there, to read, compare and apply
REVIEWED ?=  # REVIEWED=FOLDER: plan fails where it is not the plan kept there
PLAN ?=  # PLAN=build/plan: apply carries out the plan kept there
YES ?=  # YES=1: apply and destroy don't ask (for pipelines)
RELEASE ?= dist  # the folder that `make release` makes
BENCH_ARGS ?=  # e.g. BENCH_ARGS="--scales 1 --rounds 300"
COMPAT_ARGS ?=  # e.g. COMPAT_ARGS="--suite dbt-athena --select merge"
PROOF_ARGS ?=  # e.g. PROOF_ARGS="--record build/iam-proof": judge an earlier run's record anew
DOCS_ADDRESS ?= 127.0.0.1:8000  # where docs-serve serves
WORKERS ?= 2  # of `make test`: each has a local AWS of its own, which takes 5 GiB and a core
PYTEST_ARGS ?=  # e.g. PYTEST_ARGS="-k athena -x"

ACTIONLINT_VERSION = v1.7.7
LAKEHOUSE = .venv/bin/tm-lakehouse
MKDOCS = NO_MKDOCS_2_WARNING=1 .runtime/docs/bin/mkdocs
FIND_PYTHON = { command -v python3.11 >/dev/null || { echo 'error: Python 3.11 is missing: get it with `apt install python3.11 python3.11-venv` or pyenv.' >&2; exit 1; }; }
export TM_TARGET = $(ENV)
unexport DOCS_ADDRESS KEEP ORCHESTRATOR OUT REVIEWED PLAN RELEASE YES WORKERS PYTEST_ARGS BENCH_ARGS COMPAT_ARGS PROOF_ARGS

.PHONY: help
help: ## Show the commands
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Start here
.PHONY: e2e-local test test-nightly setup tools
e2e-local: export TM_TARGET = local
e2e-local: setup ## Landing to Gold on this machine, on the real engines, checked (KEEP=1 leaves it running)
	@$(LAKEHOUSE) e2e --orchestrator $(strip $(ORCHESTRATOR)) $(if $(strip $(KEEP)),--keep)
test: setup clients-setup airflow-next-setup iam-oracle-setup docs-setup dashboard-tests-setup ## The tests: units, Terraform, local AWS, a small end-to-end
	@.venv/bin/pytest -m "not nightly" -n $(strip $(WORKERS)) --dist loadscope --no-loadscope-reorder $(PYTEST_ARGS)
test-nightly: setup airflow-next-setup docs-setup dashboard-tests-setup ## What takes too long for every push: bursts and histories, other faults and ends, a defect for every dbt test
	@.venv/bin/pytest -m nightly $(PYTEST_ARGS)
setup: ## Install the environments and engines (a second call takes a second)
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py
tools: ## Install the tools' environment only: enough to lint, plan and apply
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py --only-tools

##@ Check
.PHONY: unit lint actionlint format docs docs-site docs-serve docs-setup mutations iam-proof
unit: setup ## Fast tests only: pure functions, no server
	@.venv/bin/pytest tests/unit -n auto --dist loadscope --no-loadscope-reorder $(PYTEST_ARGS)
lint: tools ## Format, types, SQL, Terraform and workflow checks; changes nothing
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@terraform fmt -check -recursive terraform
	@.venv/bin/sqlfluff lint python/dbt/models --disable-progress-bar --nocolor
	@.venv/bin/zizmor --offline --no-progress --quiet .github
	@.venv/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@.venv/bin/check-jsonschema --builtin-schema vendor.github-actions .github/actions/*/action.yml
	@.venv/bin/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
actionlint: ## Check the workflows more closely, with a tool that needs Go
	@command -v go >/dev/null || { echo 'error: Go is missing: get it from https://go.dev/doc/install.' >&2; exit 1; }
	@go run github.com/rhysd/actionlint/cmd/actionlint@$(ACTIONLINT_VERSION)
format: tools ## Rewrite Python and Terraform in the project's format
	@.venv/bin/ruff check --fix --quiet
	@.venv/bin/ruff format
	@terraform fmt -recursive terraform
docs: setup ## Rewrite the pages that code tells: tables, command line, Terraform modules, summaries, the local AWS
	@.venv/bin/python -m tm_lakehouse.dictionary
	@.venv/bin/python -m tm_lakehouse.reference
docs-site: docs-setup ## Build the documentation's site into build/site
	@$(MKDOCS) build && echo "build/site/index.html"
docs-serve: docs-setup ## Serve the documentation's site while you write (DOCS_ADDRESS=127.0.0.1:8000)
	@$(MKDOCS) serve --dev-addr $(strip $(DOCS_ADDRESS))
docs-setup:
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py --only-tools --with-docs
mutations: setup ## Plant a defect for every dbt test on a local AWS (writes docs/gold-tests.md)
	@TM_TEST_WRITE_PAGE=1 .venv/bin/pytest tests/emulator/gold/generated/test_mutations.py $(PYTEST_ARGS)
iam-proof: setup airflow-next-setup dashboard-tests-setup ## Prove the roles' permissions by the pipeline (writes docs/permissions.md; over an hour)
	@.venv/bin/python tests/iam_proof/run.py $(PROOF_ARGS)

##@ Measure
.PHONY: compat-suites clients-setup airflow-next-setup iam-oracle-setup bench-silver bench-layout bench-gold bench-athena bench-airflow bench-iam cost bench-setup
compat-suites: setup clients-setup ## Run PyAthena's and dbt-athena's own functional tests against a local AWS
	@.venv/bin/python tests/compat/run.py $(COMPAT_ARGS)
clients-setup:
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py --with-clients
iam-oracle-setup:
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py --with-iam-oracle
airflow-next-setup:
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py --with-airflow-next
bench-silver: bench-setup ## Measure the Silver job beside Polars, DuckDB and the usual Spark job (BENCH_ARGS="--scales 1,3")
	@PYTHONPATH=tests/bench/support .venv/bin/python tests/bench/silver/run.py $(BENCH_ARGS)
bench-layout: bench-setup ## Measure layouts of Silver's table and a day's load into 100 million rows (writes docs/layout.md)
	@PYTHONPATH=python:tests/bench/support .runtime/bench/bin/python tests/bench/layout/run.py $(BENCH_ARGS)
bench-gold: setup ## Measure what a day's Gold build costs by length of history (BENCH_ARGS="--days 1,10 --without-courses")
	@PYTHONPATH=tests/support .venv/bin/python tests/bench/gold/run.py $(BENCH_ARGS)
bench-athena: setup ## Measure what the local Athena adds to its engine, and what 1,000 queries leave (BENCH_ARGS="--queries 100")
	@.venv/bin/python tests/bench/athena/run.py $(BENCH_ARGS)
bench-airflow: setup ## Measure what Airflow takes, and a file's way to Gold (BENCH_ARGS="--repeats 1")
	@PYTHONPATH=tests/bench/support .venv/bin/python tests/bench/airflow/run.py $(BENCH_ARGS)
bench-iam: setup ## Measure what enforcing policies takes of the end-to-end (BENCH_ARGS="--repeats 1 --orchestrator mwaa")
	@.venv/bin/python tests/bench/iam/run.py $(BENCH_ARGS)
cost: tools ## Compute what Silver costs on Glue from the benchmarks' figures (writes docs/cost.md)
	@.venv/bin/python tests/bench/cost.py
bench-setup:
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py --with-bench

##@ Look at the lake
.PHONY: dashboard dashboard-setup dashboard-tests-setup
dashboard: dashboard-setup ## Courses, rounds, pace, devices, quality and cost in a browser (ENV=local|dev|prod)
	@$(LAKEHOUSE) dashboard
dashboard-setup: tools
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py --only-tools --with-dashboard
dashboard-tests-setup: tools
	@$(FIND_PYTHON) && python3.11 localstack/engines/install.py --only-tools --with-dashboard-tests

##@ The local AWS
.PHONY: up status logs down
up: setup ## Start it and wait until it answers
	@$(LAKEHOUSE) up
status: setup ## Show what runs, and where
	@$(LAKEHOUSE) status
logs: setup ## Show LocalStack's log
	@$(LAKEHOUSE) logs
down: setup ## Stop it and drop its data
	@$(LAKEHOUSE) down

##@ Deploy
.PHONY: bootstrap plan apply destroy release
bootstrap: tools ## Prepare an account: state bucket, roles for workflows (once, as its administrator; ENV=dev|prod)
	@$(LAKEHOUSE) bootstrap $(if $(strip $(YES)),--yes)
plan: tools ## Show what apply would change (ENV=local|dev|prod; OUT=FOLDER keeps the plan)
	@$(LAKEHOUSE) plan $(if $(strip $(OUT)),--out $(strip $(OUT))) $(if $(strip $(REVIEWED)),--reviewed $(strip $(REVIEWED)))
apply: tools ## Create or change the lakehouse (ENV=local|dev|prod)
	@$(LAKEHOUSE) apply $(if $(strip $(PLAN)),--plan $(strip $(PLAN))) $(if $(strip $(YES)),--yes)
release: tools ## Build what a tag releases: package, Glue jobs, Airflow, bills of materials, checksums
	@$(LAKEHOUSE) package --release $(strip $(RELEASE))
destroy: tools ## Remove the lakehouse (ENV=local|dev|prod)
	@$(LAKEHOUSE) destroy $(if $(strip $(YES)),--yes)
