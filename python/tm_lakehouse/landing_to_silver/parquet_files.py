"""Rows to Parquet files that Iceberg takes as its own: field ids, partitions, and metrics for the manifest."""

import io
import json
import struct
import uuid
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tm_lakehouse.landing_to_silver.iceberg_transforms import bucket, month
from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.tables.contract import ColumnType
from tm_lakehouse.tables.fact_telemetry_event import COURSE_BUCKETS, TABLE

_ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
_ROW_GROUP_ROWS = 1 << 17
_BOUND_CHARACTERS = 16


@dataclass(frozen=True)
class TableLayout:
    """What writers need of the table as it stands: where it lies and how it numbers its fields."""

    location: str
    field_ids: dict[str, int]
    spec_id: int
    month_field_id: int
    bucket_field_id: int
    sort_order_id: int

    def arrow_schema(self) -> pa.Schema:
        """The table's columns as Parquet holds them, with Iceberg's field ids."""
        return pa.schema(
            pa.field(
                column.name,
                _ARROW_TYPES[column.type],
                metadata={"PARQUET:field_id": str(self.field_ids[column.name])},
            )
            for column in TABLE.columns
        )


@dataclass(frozen=True)
class WrittenFile:
    """A data file that no reader sees before it is committed.

    `content_json` is Iceberg's own description of it; `rows_of` are its rows by course and ingest date.
    """

    path: str
    size: int
    content_json: str
    rows_of: dict[Prefix, int]

    @property
    def rows(self) -> int:
        return sum(self.rows_of.values())

    def share_of(self, prefix: Prefix) -> int:
        """The bytes that a course and ingest date take of the file, by its rows."""
        return round(self.size * self.rows_of.get(prefix, 0) / self.rows)


class Partition(NamedTuple):
    """A partition of the table: months since January 1970 (None: no event date) and the bucket of its courses."""

    month: int | None
    course_bucket: int


class Rows(Protocol):
    """Rows of the table that are put together only when their partition is written."""

    @property
    def partitions(self) -> Set[Partition]:
        """Those that hold any of the rows."""

    def rows_of(self, partition: Partition) -> pl.DataFrame:
        """The table's columns, in any order of rows."""


@dataclass(frozen=True)
class ReadyRows:
    """Rows that are put together already: `frame` has the table's columns."""

    frame: pl.DataFrame

    @property
    def partitions(self) -> Set[Partition]:
        return self._parts.keys()

    def rows_of(self, partition: Partition) -> pl.DataFrame:
        return self._parts[partition]

    @cached_property
    def _parts(self) -> dict[Partition, pl.DataFrame]:
        keyed = self.frame.with_columns(_month=month(pl.col("event_date")), _bucket=_buckets(self.frame["course_id"]))
        parts = keyed.partition_by("_month", "_bucket", as_dict=True, include_key=False)
        return {Partition(*key): part for key, part in parts.items()}


def write_rows(sources: Sequence[Rows], layout: TableLayout, store: ObjectStore) -> list[WrittenFile]:
    """Write one file per partition of all the rows, each sorted as the table is."""
    partitions = {partition for rows in sources for partition in rows.partitions}
    ordered = sorted(partitions, key=lambda each: (each.month is None, each))
    return [_write_file(partition, sources, layout, store) for partition in ordered]


def _buckets(courses: pl.Series) -> pl.Series:
    known = courses.unique().to_list()
    return courses.replace_strict(known, [bucket(course, COURSE_BUCKETS) for course in known], return_dtype=pl.Int32)


def _write_file(partition: Partition, sources: Sequence[Rows], layout: TableLayout, store: ObjectStore) -> WrittenFile:
    rows = pl.concat([rows.rows_of(partition) for rows in sources if partition in rows.partitions])
    rows = rows.sort(TABLE.sort_order)
    body = _parquet(rows, layout.arrow_schema())
    path = f"{layout.location}/data/{_folder(partition)}/{uuid.uuid4().hex}.parquet"
    store.put(path, body)
    content = _content(path, len(body), pq.read_metadata(pa.BufferReader(body)), layout)
    content["partition"] = {
        str(layout.month_field_id): partition.month,
        str(layout.bucket_field_id): partition.course_bucket,
    }
    return WrittenFile(path, len(body), json.dumps(content), _rows_of(rows))


def _parquet(rows: pl.DataFrame, schema: pa.Schema) -> bytes:
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, schema, compression="zstd", write_page_index=True) as writer:
        # Arrow's texts take more room than the rows' own: only one group of them at a time.
        for group in rows.select(TABLE.column_names).iter_slices(_ROW_GROUP_ROWS):
            writer.write_table(group.to_arrow().cast(schema), row_group_size=_ROW_GROUP_ROWS)
    return sink.getvalue()


def _rows_of(rows: pl.DataFrame) -> dict[Prefix, int]:
    counts = rows.group_by("course_id", "ingest_date").len().sort("course_id", "ingest_date")
    return {Prefix(course, date): count for course, date, count in counts.iter_rows()}


def _folder(partition: Partition) -> str:
    months = partition.month
    name = "null" if months is None else f"{1970 + months // 12:04}-{months % 12 + 1:02}"
    return f"event_date_month={name}/course_id_bucket={partition.course_bucket}"


def _content(path: str, size: int, metadata: pq.FileMetaData, layout: TableLayout) -> dict[str, Any]:
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    columns = [_Metrics(layout.field_ids[name], groups, index) for index, name in enumerate(TABLE.column_names)]
    bounded = [column for column in columns if column.lowest is not None]
    return {
        "spec-id": layout.spec_id,
        "content": "DATA",
        "file-path": path,
        "file-format": "PARQUET",
        "file-size-in-bytes": size,
        "record-count": metadata.num_rows,
        "column-sizes": _map(columns, "size"),
        "value-counts": _map(columns, "values"),
        "null-value-counts": _map(columns, "nulls"),
        "lower-bounds": _map(bounded, "lower_bound"),
        "upper-bounds": _map(bounded, "upper_bound"),
        "split-offsets": [_first_byte(group) for group in groups],
        "sort-order-id": layout.sort_order_id,
    }


def _first_byte(group: pq.RowGroupMetaData) -> int:
    column = group.column(0)
    return int(column.dictionary_page_offset or column.data_page_offset)


def _map(columns: "list[_Metrics]", attribute: str) -> dict[str, list[Any]]:
    return {
        "keys": [column.field_id for column in columns],
        "values": [getattr(column, attribute) for column in columns],
    }


class _Metrics:
    """One column of a file: sizes, counts and bounds over its row groups."""

    def __init__(self, field_id: int, groups: list[pq.RowGroupMetaData], index: int) -> None:
        chunks = [group.column(index) for group in groups]
        filled = [chunk.statistics for chunk in chunks if chunk.statistics.null_count < chunk.num_values]
        # Statistics leave out the bounds of very long texts; without them all, the column has no bounds.
        is_bounded = bool(filled) and all(each.has_min_max for each in filled)
        self.field_id = field_id
        self.size = sum(chunk.total_compressed_size for chunk in chunks)
        self.values = sum(chunk.num_values for chunk in chunks)
        self.nulls = sum(chunk.statistics.null_count for chunk in chunks)
        self.lowest = min(each.min_raw for each in filled) if is_bounded else None
        self.highest = max(each.max_raw for each in filled) if is_bounded else None
        self._type = chunks[0].physical_type

    @property
    def lower_bound(self) -> str:
        return _single_value(self._type, self.lowest, is_upper=False).hex().upper()

    @property
    def upper_bound(self) -> str:
        return _single_value(self._type, self.highest, is_upper=True).hex().upper()


_FORMATS = {"BOOLEAN": "<?", "INT32": "<i", "INT64": "<q", "DOUBLE": "<d"}


def _single_value(physical_type: str, value: Any, *, is_upper: bool) -> bytes:
    """A bound in Iceberg's single-value serialisation."""
    if physical_type in _FORMATS:
        return struct.pack(_FORMATS[physical_type], value)
    text = value.decode("utf-8") if isinstance(value, bytes) else value
    return _text_bound(text, is_upper=is_upper).encode("utf-8")


def _text_bound(text: str, *, is_upper: bool) -> str:
    """The first 16 characters; an upper bound that lost characters is raised to stay above them."""
    if len(text) <= _BOUND_CHARACTERS:
        return text
    kept = text[:_BOUND_CHARACTERS]
    return _next_text(kept) or text if is_upper else kept


def _next_text(text: str) -> str | None:
    """The smallest text above everything that starts with `text`; None where there is none."""
    for end in range(len(text), 0, -1):
        raised = ord(text[end - 1]) + 1
        raised = 0xE000 if 0xD800 <= raised <= 0xDFFF else raised
        if raised <= 0x10FFFF:
            return text[: end - 1] + chr(raised)
    return None
