"""The layouts that Silver's fact table could have, and the table that a writer makes of each."""

from dataclasses import dataclass

from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import BucketTransform, MonthTransform, Transform, YearTransform
from pyiceberg.types import (
    BooleanType,
    DateType,
    DoubleType,
    IcebergType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestampType,
)

from tm_lakehouse.tables.fact_telemetry_event import TABLE

BY_COURSE = ("course_id", "event_date", "round_id", "location_index")
BY_DATE = ("event_date", "course_id", "round_id", "location_index")
_TYPES: dict[str, IcebergType] = {
    "string": StringType(), "int": IntegerType(), "bigint": LongType(), "double": DoubleType(),
    "boolean": BooleanType(), "date": DateType(), "timestamp": TimestampType(),
}  # fmt: skip
Partition = tuple[str, Transform]


def _bucket(count: int) -> Partition:
    return ("course_id", BucketTransform(count))


@dataclass(frozen=True)
class Candidate:
    """One layout: how partitions are cut, and how rows are sorted within them."""

    name: str
    description: str
    partitions: tuple[Partition, ...]
    sort_order: tuple[str, ...]

    @property
    def is_by_year(self) -> bool:
        """Whether a partition is whole only after a year."""
        return any(isinstance(transform, YearTransform) for _, transform in self.partitions)

    @property
    def spec(self) -> PartitionSpec:
        """The partitions as Iceberg has them."""
        ids = {field.name: field.field_id for field in SCHEMA.fields}
        return PartitionSpec(
            *(
                PartitionField(ids[column], 1000 + number, transform, f"{column}_{transform.root}".replace(".", "_"))
                for number, (column, transform) in enumerate(self.partitions)
            )
        )


SCHEMA = Schema(
    *(
        NestedField(number, column.name, _TYPES[column.type], required=False)
        for number, column in enumerate(TABLE.columns, start=1)
    )
)
_MONTH: Partition = ("event_date", MonthTransform())
_YEAR: Partition = ("event_date", YearTransform())

CANDIDATES = (
    Candidate("month_bucket4", "month, 4 buckets of courses; by course", (_MONTH, _bucket(4)), BY_COURSE),
    Candidate("month_bucket4_by_date", "month, 4 buckets of courses; by date", (_MONTH, _bucket(4)), BY_DATE),
    Candidate("month_bucket16", "month, 16 buckets of courses; by course", (_MONTH, _bucket(16)), BY_COURSE),
    Candidate("month", "month; by course", (_MONTH,), BY_COURSE),
    Candidate("year_bucket16", "year, 16 buckets of courses; by course", (_YEAR, _bucket(16)), BY_COURSE),
)
