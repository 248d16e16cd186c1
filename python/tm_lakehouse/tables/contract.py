"""What a table promises: its columns with their meaning, its key and its layout."""

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["string", "int", "bigint", "double", "boolean", "date", "timestamp"]

# Athena can't create columns that hold a time zone, so every timestamp is UTC without one.
_SPARK_TYPES = {"timestamp": "timestamp_ntz"}


@dataclass(frozen=True)
class Column:
    """One column of a table. `type` is named as in Athena's DDL."""

    name: str
    type: ColumnType
    meaning: str

    @property
    def spark_type(self) -> str:
        return _SPARK_TYPES.get(self.type, self.type)


@dataclass(frozen=True)
class TableContract:
    """One Iceberg table. `partitioning` holds Iceberg transforms such as `month(event_date)`."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    partitioning: tuple[str, ...] = ()
    sort_order: tuple[str, ...] = ()

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def athena_ddl(self, database: str, location: str) -> str:
        """`CREATE TABLE IF NOT EXISTS` as Athena engine 3 accepts it."""
        columns = ", ".join(f"`{column.name}` {column.type}" for column in self.columns)
        partitions = f" PARTITIONED BY ({', '.join(self.partitioning)})" if self.partitioning else ""
        return (
            f"CREATE TABLE IF NOT EXISTS `{database}`.`{self.name}` ({columns}){partitions} LOCATION '{location}' "
            "TBLPROPERTIES ('table_type'='ICEBERG', 'format'='parquet')"
        )
