# make run    serve Mindgap with the sample company      make test   all tests, on SQLite and PostgreSQL
#             (those of structure and documents: make check)
# make check  style, types, walls, translations, docs    make bench  the benchmarks, as ratios
# make quick  tests without the slow and browser ones    make translate  collect new texts for the translators
SHELL := /bin/bash
BIN := .venv/bin
# Files go to three processes, each with a database of its own: on two cores the third works while the others wait.
DIVIDED := -n 3 --dist loadfile --no-loadscope-reorder --durations=12
BENCHMARKS := measure driver chart lane act cases products facts
export PYTHONUTF8 := 1
# Packages are installed as text: where compiled modules may not be kept, each start compiles all of them again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench quick translate clean ready-run ready-test ready-bench

run: ready-run
	@exec $(BIN)/mindgap up --sample $(ARGS)

test: ready-test
	@$(BIN)/python -m pytest $(DIVIDED) --ignore=tests/structure $(ARGS)
	@$(BIN)/python -m pytest $(DIVIDED) --postgres -m "not slow and not browser" tests/keep tests/collect tests/explain tests/act tests/show/server/test_workers.py

quick: ready-test
	@$(BIN)/python -m pytest $(DIVIDED) -m "not slow and not browser" $(ARGS)

check: ready-test
	@$(BIN)/python tools/check.py

bench: ready-bench
	@for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

translate: ready-test
	@$(BIN)/python tools/translations.py update

ready-run:
	@tools/bootstrap.sh run

ready-test:
	@tools/bootstrap.sh test

ready-bench:
	@tools/bootstrap.sh bench

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis src/mindgap/show/static/build frontend/node_modules
	find src -name '*.mo' -delete
