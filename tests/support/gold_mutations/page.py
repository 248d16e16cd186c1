"""What the tests find, as a page: written from outcomes, not from what was meant."""

from collections.abc import Iterable, Mapping, Sequence

from gold_mutations.data_tests import DataTest
from gold_mutations.trial import Outcome

HEADER = """# What Gold's tests find

Written by `make mutations`, which plants {mutants} defects for the {tests} dbt tests and runs the tests' own
statements on them through Athena; `make test-nightly` compares. A defect stands in a copy of the table that only the
statement sees. It is planted twice: once in the whole table, where every other test that reads the table is run too,
and then, for each bound, column and expression that the test names, alone in one row, which the test has to find. A
dbt test without a defect here fails `make test-nightly`: give `tests/support/gold_mutations` one.

"Fails too" are tests that say the same in other words.
"""


def page(tests: Iterable[DataTest], outcomes: Sequence[Outcome]) -> str:
    """A section for each table, a line for each of its tests. Markdown."""
    by_test: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_test.setdefault(outcome.mutant.test, []).append(outcome)
    by_table: dict[str, list[DataTest]] = {}
    for test in tests:
        by_table.setdefault(test.table, []).append(test)
    parts = [HEADER.format(mutants=len(outcomes), tests=len(by_test))]
    parts += [_section(table, of_table, by_test) for table, of_table in sorted(by_table.items())]
    return "\n".join(parts)


def _section(table: str, tests: Iterable[DataTest], outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    lines = [line for test in tests for line in _lines(test.name, outcomes[test.name])]
    return "\n".join([f"## `{table}`", "| test | planted | rows found | fails too |", "|---|---|--:|---|", *lines, ""])


def _lines(test: str, outcomes: Iterable[Outcome]) -> Iterable[str]:
    for outcome in outcomes:
        others = ", ".join(f"`{name}`" for name in sorted(outcome.found.keys() - {test}))
        yield f"| `{test}` | {outcome.mutant.words} | {outcome.found.get(test, 0)} | {others} |"
