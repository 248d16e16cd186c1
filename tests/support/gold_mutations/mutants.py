"""The defects: for each kind of test, tables that it must find wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gold_mutations.data_tests import DataTest
from gold_mutations.expressions import BROKEN
from gold_mutations.table import Changes, Table

Tables = Mapping[str, Table]


@dataclass(frozen=True)
class Mutant:
    """A relation's rows with a defect, and how many rows its test must then find beyond those it found before.

    `is_whole`: all rows of the table, so that it tells which other tests fail; else some rows for the test alone.
    """

    test: str
    words: str
    relation: str
    sql: str
    found: int = 1
    is_whole: bool = True


def mutants_of(test: DataTest, tables: Tables, totalled: frozenset[str]) -> list[Mutant]:
    """The test's defects. `totalled` are columns of its table that other tests add up.

    Raises:
        KeyError: nobody has thought of a defect for a test of this kind, or for its expressions.
    """
    return list(KINDS[test.kind](test, tables, totalled))


def _sound_rows(test: DataTest, tables: Tables, totalled: frozenset[str]) -> Iterator[Mutant]:
    table = tables[test.relation]
    nullable = test.arguments.get("nullable", ())
    needed: list[Changes] = [{name: "NULL"} for name in test.arguments["key"] if name not in nullable]
    yield Mutant(test.name, "a row is there again", test.relation, table.with_a_row_repeated())
    yield _alone(test, table, [{}, *needed], f"a key twice, and NULL in {_listed(needed)}")
    ways = [*_beyond_ranges(test, table), *_other_texts(test)]
    if not ways:
        return
    first = next(way for way in ways if not way.keys() & totalled)
    yield _changed(test, table, first)
    yield _alone(test, table, ways, f"each bound and list of values broken alone: {_listed(ways)}")


def _holds(test: DataTest, tables: Tables, _: frozenset[str]) -> Iterator[Mutant]:
    table = tables[test.relation]
    broken = BROKEN[test.name]
    yield _changed(test, table, broken.ways[0], broken.where)
    yield _alone(test, table, broken.ways, f"broken alone by each of {_listed(broken.ways)}", broken.where)


def _same_total(test: DataTest, tables: Tables, _: frozenset[str]) -> Iterator[Mutant]:
    table = tables[test.relation]
    (column,) = _summed(test.arguments["total"])
    yield _changed(test, table, {column: f"{column} + 1"})
    a_course = f"course_id = (SELECT min(course_id) FROM {test.relation})"
    yield Mutant(test.name, "a course is not there", test.relation, table.without(a_course))


def _related(test: DataTest, tables: Tables, _: frozenset[str]) -> Iterator[Mutant]:
    columns, to_columns = (", ".join(test.arguments[name]) for name in ("columns", "to_columns"))
    if test.other and len(test.arguments["columns"]) == 1:
        a_key = f"{to_columns} = (SELECT min({columns}) FROM {test.relation})"
        yield Mutant(test.name, "what a row names is gone", test.other, tables[test.other].without(a_key))
        return
    yield _changed(test, tables[test.relation], {test.arguments["columns"][-1]: "'nowhere'"})


def _disjoint_ranges(test: DataTest, tables: Tables, _: frozenset[str]) -> Iterator[Mutant]:
    table = tables[test.relation]
    group, first, last = (test.arguments[name] for name in ("group", "first", "last"))
    is_before = f"earlier.{group} = numbered.{group} AND earlier.{first} < numbered.{first}"
    end_before = f"(SELECT max(earlier.{last}) FROM {test.relation} AS earlier WHERE {is_before})"
    is_second = "nine_number = 2"
    shared = table.with_one_row_changed({first: end_before}, is_second)
    yield Mutant(test.name, "a range begins where the one before ends", test.relation, shared)
    reversed_range = table.with_one_row_changed({first: f"{last} + 1"}, is_second)
    yield Mutant(test.name, "a range ends before it begins", test.relation, reversed_range)


def _loaded_within(test: DataTest, _: Tables, __: frozenset[str]) -> Iterator[Mutant]:
    snapshots = f'{test.relation.removesuffix(chr(34))}$snapshots"'
    (age,) = re.findall(r"INTERVAL '\d+' DAY", test.sql)
    older = f"SELECT operation, summary, committed_at - {age} AS committed_at FROM {snapshots}"
    yield Mutant(test.name, "every load was so long ago", snapshots, older)
    yield Mutant(test.name, "nothing was ever loaded", snapshots, f"{older} WHERE false")
    compacted = f"SELECT 'replace' AS operation, summary, committed_at FROM {snapshots}"
    yield Mutant(test.name, "nothing but compaction", snapshots, compacted)
    emptied = f"SELECT operation, map(ARRAY['added-records'], ARRAY['0']) AS summary, committed_at FROM {snapshots}"
    yield Mutant(test.name, "nothing but commits that bring no row", snapshots, emptied)


KINDS: dict[str, Callable[[DataTest, Tables, frozenset[str]], Iterator[Mutant]]] = {
    "sound_rows": _sound_rows,
    "holds": _holds,
    "same_total": _same_total,
    "related": _related,
    "disjoint_ranges": _disjoint_ranges,
    "loaded_within": _loaded_within,
}


def totalled_columns(tests: list[DataTest]) -> dict[str, frozenset[str]]:
    """Columns that tests add up to compare them, by relation."""
    found: dict[str, frozenset[str]] = {}
    for test in tests:
        if test.kind == "same_total":
            for relation, total in ((test.relation, "total"), (test.other or "", "other_total")):
                found[relation] = found.get(relation, frozenset()) | frozenset(_summed(test.arguments[total]))
    return found


def _beyond_ranges(test: DataTest, table: Table) -> Iterator[Changes]:
    for name, (lowest, highest) in test.arguments.get("ranges", {}).items():
        step = "1" if table.columns[name] in ("integer", "bigint") else "1e-3"
        if lowest is not None:
            yield {name: f"{lowest} - {step}"}
        if highest is not None:
            yield {name: f"{highest} + {step}"}


def _other_texts(test: DataTest) -> Iterator[Changes]:
    for name in test.arguments.get("values", {}):
        yield {name: "'something else'"}
        yield {name: "NULL"}


def _changed(test: DataTest, table: Table, changes: Changes, where: str = "true") -> Mutant:
    return Mutant(test.name, _words(changes), test.relation, table.with_one_row_changed(changes, where))


def _alone(test: DataTest, table: Table, ways: list[Changes], words: str, where: str = "true") -> Mutant:
    sql = table.row_changed_each_way(ways, where)
    return Mutant(test.name, words, test.relation, sql, found=len(ways), is_whole=False)


def _words(changes: Changes) -> str:
    return ", ".join(f"`{name}` is {_plain(expression)}" for name, expression in changes.items())


def _plain(expression: str) -> str:
    if bound := re.fullmatch(r"(-?\d+) ([-+]) (?:1|1e-3)", expression):
        return f"{'below' if bound[2] == '-' else 'above'} {bound[1]}"
    return expression.replace("'", "")


def _listed(ways: list[Changes]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(name for way in ways for name in way))


def _summed(total: str) -> list[str]:
    return re.findall(r"sum\((\w+)\)", total)
