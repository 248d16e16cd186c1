"""What readers ask, and what an answer costs: the bytes that statistics leave to read, and the engine's planning."""

import datetime as dt
from dataclasses import dataclass

import pyarrow.parquet as pq
import trino
from lakehouse import PORTS
from pyarrow.parquet import ColumnChunkMetaData, RowGroupMetaData
from pyiceberg.expressions import And, BooleanExpression, EqualTo, GreaterThanOrEqual, LessThanOrEqual
from pyiceberg.table import Table
from tables import READ

_CATALOG = "awsdatacatalog"


@dataclass(frozen=True)
class Question:
    """Fixes of one course, or of all, from one day to another."""

    first_day: dt.date
    last_day: dt.date
    course_id: str | None = None

    @property
    def filter(self) -> BooleanExpression:
        """As Iceberg plans by it."""
        first, last = self.first_day.isoformat(), self.last_day.isoformat()
        days = And(GreaterThanOrEqual("event_date", first), LessThanOrEqual("event_date", last))
        return And(days, EqualTo("course_id", self.course_id)) if self.course_id else days

    @property
    def condition(self) -> str:
        """As SQL asks it."""
        days = f"event_date BETWEEN DATE '{self.first_day}' AND DATE '{self.last_day}'"
        return f"{days} AND course_id = '{self.course_id}'" if self.course_id else days

    @property
    def columns(self) -> frozenset[str]:
        """What must be read to answer."""
        return frozenset({*READ, "event_date", *(["course_id"] if self.course_id else [])})

    def may_be_in(self, group: RowGroupMetaData) -> bool:
        """Whether the smallest and largest values of a row group leave room for an answer."""
        wanted = {"event_date": (self.first_day, self.last_day)}
        if self.course_id:
            wanted["course_id"] = (self.course_id, self.course_id)
        return all(_overlaps(group, column, *bounds) for column, bounds in wanted.items())


def bytes_to_read(table: Table, question: Question) -> int:
    """Bytes of the columns asked for, in the row groups that partitions, files' and row groups' statistics leave.

    Counted from the footers, because an engine's own count isn't true to scale in a sample: engines read small files
    whole, and the gaps between small pieces too.
    """
    total = 0
    for task in table.scan(row_filter=question.filter).plan_files():
        with table.io.new_input(task.file.file_path).open() as stream:
            footer = pq.ParquetFile(stream).metadata
        groups = (footer.row_group(number) for number in range(footer.num_row_groups))
        total += sum(_bytes_of(group, question.columns) for group in groups if question.may_be_in(group))
    return total


def planning_ms(table: Table, question: Question) -> int:
    """How long the engine behind the local Athena plans, the second time it meets the table."""
    return [_ask(table, question) for _ in range(2)][-1]


def _ask(table: Table, question: Question) -> int:
    database, name = table.name()[-2:]
    port = int(PORTS["TM_LOCAL_TRINO_PORT"])
    engine = trino.dbapi.connect(host="127.0.0.1", port=port, user="bench", catalog=_CATALOG, schema=database)
    cursor = engine.cursor()
    read = ", ".join(f"max({column})" for column in READ)
    cursor.execute(f"SELECT {read} FROM {name} WHERE {question.condition}")
    cursor.fetchall()
    return int(cursor.stats["planningTimeMillis"])


def _overlaps(group: RowGroupMetaData, column: str, low: object, high: object) -> bool:
    statistics = _chunk(group, column).statistics
    return statistics is None or not statistics.has_min_max or (statistics.min <= high and statistics.max >= low)


def _bytes_of(group: RowGroupMetaData, columns: frozenset[str]) -> int:
    return sum(_chunk(group, column).total_compressed_size for column in columns)


def _chunk(group: RowGroupMetaData, column: str) -> ColumnChunkMetaData:
    return next(
        chunk
        for chunk in (group.column(number) for number in range(group.num_columns))
        if chunk.path_in_schema == column
    )
