"""What two engines' checksums say of each other. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tm_lakehouse.parity.checksums import GROUP, ROW_COUNT, WHOLE_ROWS, Table, checksum_name

# Group -> name in the answer -> text.
Checksums = Mapping[str, Mapping[str, str | None]]
ROWS = "(number of rows)"
PAIRING = "(which values stand in one row)"


@dataclass(frozen=True)
class Difference:
    """A column whose values differ, and the courses in which they do; `courses` is [''] in tables without courses."""

    column: str
    courses: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """One table, as both engines read it."""

    table: str
    snapshot_id: int
    spark_rows: int
    athena_rows: int
    columns: int
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether every checksum is."""
        return not self.differences


def grouped(rows: Iterable[Mapping[str, str | None]]) -> dict[str, dict[str, str | None]]:
    """An engine's rows by group; rows without a course have the group ''."""
    return {row[GROUP] or "": {name: value for name, value in row.items() if name != GROUP} for row in rows}


def compare(table: Table, spark: Checksums, athena: Checksums) -> Comparison:
    """Column by column; pairing is only told where the columns by themselves are equal."""
    differences = [
        Difference(column, courses)
        for column, name in [(ROWS, ROW_COUNT), *((column, checksum_name(column)) for column in table.columns)]
        if (courses := _courses_that_differ(spark, athena, name))
    ]
    pairing = _courses_that_differ(spark, athena, WHOLE_ROWS)
    if pairing and not differences:
        differences = [Difference(PAIRING, pairing)]
    return Comparison(
        table.full_name, table.snapshot_id, _rows(spark), _rows(athena), len(table.columns), tuple(differences)
    )


def _courses_that_differ(spark: Checksums, athena: Checksums, name: str) -> tuple[str, ...]:
    groups = sorted(spark.keys() | athena.keys())
    return tuple(group for group in groups if spark.get(group, {}).get(name) != athena.get(group, {}).get(name))


def _rows(checksums: Checksums) -> int:
    return sum(int(each[ROW_COUNT] or 0) for each in checksums.values())
