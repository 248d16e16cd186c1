"""What the table already holds of a run's courses, dates and rounds; and rewriting files without the replaced rows."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import polars as pl
import pyarrow as pa

from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.landing_to_silver.parquet_files import ReadyRows, TableLayout, WrittenFile, write_rows
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.replacement import Delivered, ExistingRound, RoundVersion
from tm_lakehouse.landing_to_silver.silver_table import PlannedFiles, SilverTable
from tm_lakehouse.tables.fact_telemetry_event import TABLE

_KEYS = ("course_id", "ingest_date", "round_id")
_EXISTING = "path string, course_id string, ingest_date date, round_id string, rows bigint"
Batches = Iterator[pa.RecordBatch]


class Reach:
    """What a run may touch: per course its dates, and the range of the round ids that it delivers.

    Round ids are ordered in time, so that a range of them excludes most files of the table.
    """

    def __init__(self, delivered: Mapping[Prefix, Delivered]) -> None:
        self.dates: dict[str, list[dt.date]] = defaultdict(list)
        rounds: dict[str, set[str]] = defaultdict(set)
        for prefix, of_prefix in sorted(delivered.items()):
            self.dates[prefix.course_id].append(prefix.ingest_date)
            rounds[prefix.course_id] |= of_prefix.writable | of_prefix.unwritable
        self.rounds = {course: (min(ids), max(ids)) for course, ids in rounds.items() if ids}

    def expression(self, table: SilverTable) -> Any:
        """The same for Iceberg's planning."""
        return table.expressions.either(self._of_course(table, course) for course in self.dates)

    def frame(self) -> pl.DataFrame:
        """One row per course: `dates`, `first_round`, `last_round`."""
        ranges = [self.rounds.get(course, (None, None)) for course in self.dates]
        return pl.DataFrame(
            {
                "course_id": list(self.dates),
                "dates": list(self.dates.values()),
                "first_round": [first for first, _ in ranges],
                "last_round": [last for _, last in ranges],
            },
            schema_overrides={"first_round": pl.String, "last_round": pl.String, "dates": pl.List(pl.Date)},
        )

    def _of_course(self, table: SilverTable, course: str) -> Any:
        expressions = table.expressions
        kept = expressions.any_of("ingest_date", [date.isoformat() for date in self.dates[course]])
        if course in self.rounds:
            kept = expressions.either([kept, expressions.between("round_id", *self.rounds[course])])
        return expressions.both(expressions.of_courses([course]), kept)


def existing_rounds(table: SilverTable, planned: PlannedFiles, reach: Reach) -> list[ExistingRound]:
    """The table's rounds within reach, by file."""
    if not planned.tasks:
        return []
    with table.reading(planned, planned.tasks) as rows:
        counted = rows.selectExpr("_file AS path", *_KEYS).mapInArrow(_counter(reach.frame()), _EXISTING)
        return [ExistingRound(*row) for row in counted.collect()]


def rewrite_without(
    table: SilverTable,
    planned: PlannedFiles,
    paths: Collection[str],
    replaced: Collection[RoundVersion],
    layout: TableLayout,
    store: ObjectStore,
) -> list[WrittenFile]:
    """Write the rows of these files that stay into new files."""
    if not paths:
        return []
    drop = pl.DataFrame(
        list(replaced), schema={"course_id": pl.String, "ingest_date": pl.Date, "round_id": pl.String}, orient="row"
    )
    with table.reading(planned, sorted(paths)) as rows:
        written = rows.select(*TABLE.column_names).mapInArrow(_keeper(drop, layout, store), "file string")
        return [_file_from(row.file) for row in written.collect()]


def _counter(reach: pl.DataFrame) -> Callable[[Batches], Batches]:
    def count(batches: Batches) -> Batches:
        for batch in batches:
            rows = (
                _frame(batch)
                .join(reach, on="course_id", how="inner")
                .filter(
                    pl.col("ingest_date").is_in(pl.col("dates"))
                    | pl.col("round_id").is_between(pl.col("first_round"), pl.col("last_round"))
                )
            )
            counts = rows.group_by("path", *_KEYS).agg(pl.len().cast(pl.Int64).alias("rows"))
            yield from counts.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(_COUNT_SCHEMA).to_batches()

    return count


_COUNT_SCHEMA = pa.schema(
    {
        "path": pa.string(),
        "course_id": pa.string(),
        "ingest_date": pa.date32(),
        "round_id": pa.string(),
        "rows": pa.int64(),
    }
)


def _keeper(drop: pl.DataFrame, layout: TableLayout, store: ObjectStore) -> Callable[[Batches], Batches]:
    def keep(batches: Batches) -> Batches:
        kept = [_frame(batch).join(drop, on=_KEYS, how="anti") for batch in batches]
        files = write_rows([ReadyRows(pl.concat(kept))], layout, store) if kept else []
        yield pa.RecordBatch.from_pydict(
            {"file": [_file_text(file) for file in files]}, pa.schema({"file": pa.string()})
        )

    return keep


def _frame(batch: pa.RecordBatch) -> pl.DataFrame:
    frame = pl.from_arrow(pa.Table.from_batches([batch]))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _file_text(file: WrittenFile) -> str:
    rows_of = [[prefix.course_id, prefix.ingest_date.isoformat(), rows] for prefix, rows in file.rows_of.items()]
    return json.dumps(asdict(file) | {"rows_of": rows_of})


def _file_from(text: str) -> WrittenFile:
    values = json.loads(text)
    rows_of = {Prefix(course, dt.date.fromisoformat(date)): rows for course, date, rows in values["rows_of"]}
    return WrittenFile(**(values | {"rows_of": rows_of}))
