"""Run tests against mutants: the test's own statement, with the mutant in the place of the relation."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from gold_mutations.data_tests import DataTest
from gold_mutations.mutants import Mutant, mutants_of, totalled_columns
from gold_mutations.table import Table
from tm_lakehouse.athena import Athena

AT_ONCE = 4
PLANTED = "planted_rows"
# Tables that a whole build leaves empty, and where rows of theirs can be taken from.
SAMPLES = {"changed_rounds": "fact_rounds"}


@dataclass(frozen=True)
class Outcome:
    """How many rows each test found more than in the sound tables; those that found none are left out."""

    mutant: Mutant
    found: dict[str, int]


def read_tables(athena: Athena, tests: Iterable[DataTest]) -> dict[str, Table]:
    """The tested tables, with their columns."""
    relations = {test.table: test.relation for test in tests}
    schemas = sorted({relation.split(".")[1].strip('"') for relation in relations.values()})
    listed = ", ".join(f"'{schema}'" for schema in schemas)
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in athena.query(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        f"WHERE table_schema IN ({listed}) ORDER BY ordinal_position"
    ).rows:
        columns.setdefault(str(table), {})[str(column)] = str(kind)
    return {
        relation: Table(relation, columns[table], relations[SAMPLES.get(table, table)])
        for table, relation in relations.items()
    }


def mutants(tests: list[DataTest], tables: dict[str, Table]) -> list[Mutant]:
    """Every test's."""
    totalled = totalled_columns(tests)
    return [mutant for test in tests for mutant in mutants_of(test, tables, totalled.get(test.relation, frozenset()))]


def try_all(athena: Athena, tests: list[DataTest], planted: Sequence[Mutant]) -> list[Outcome]:
    """One statement for each mutant, some at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda mutant: _try(athena, tests, mutant), planted))


def _try(athena: Athena, tests: list[DataTest], mutant: Mutant) -> Outcome:
    asked = [test for test in tests if test.name == mutant.test or (mutant.is_whole and test.reads(mutant.relation))]
    counts = "\nUNION ALL\n".join(_count(test, mutant) for test in asked)
    rows = athena.query(f"WITH {PLANTED} AS ({mutant.sql})\n{counts}").rows
    before = {test.name: test.failures if mutant.is_whole else 0 for test in asked}
    more = {str(name): int(count or 0) - before[str(name)] for name, count in rows}
    return Outcome(mutant, {name: count for name, count in more.items() if count})


def _count(test: DataTest, mutant: Mutant) -> str:
    return f"SELECT '{test.name}', count(*) FROM (\n{test.sql.replace(mutant.relation, PLANTED)}\n) AS of_test"
