"""The Iceberg tables of the Glue catalog; which can hold a round or a device is told by their columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import TableTypeDef

_KEYS = frozenset({"round_id", "device"})


@dataclass(frozen=True)
class IcebergTable:
    """An Iceberg table: where it lies, and which columns it has now."""

    database: str
    name: str
    location: str
    columns: frozenset[str]

    @property
    def full_name(self) -> str:
        return f"{self.database}.{self.name}"

    @property
    def sql_name(self) -> str:
        return f'"{self.database}"."{self.name}"'

    @property
    def is_keyed(self) -> bool:
        """Whether its rows name a round or a device."""
        return bool(self.columns & _KEYS)


def iceberg_tables(glue: "GlueClient", databases: Iterable[str]) -> list[IcebergTable]:
    """The Iceberg tables of these databases, in the databases' order."""
    return [
        _table(database, table)
        for database in databases
        for page in glue.get_paginator("get_tables").paginate(DatabaseName=database)
        for table in page["TableList"]
        if table.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG"
    ]


def _table(database: str, table: "TableTypeDef") -> IcebergTable:
    storage = table.get("StorageDescriptor", {})
    # Iceberg leaves columns that were dropped in the catalog, marked as no longer current.
    columns = frozenset(
        column["Name"]
        for column in storage.get("Columns", [])
        if column.get("Parameters", {}).get("iceberg.field.current") != "false"
    )
    return IcebergTable(database, table["Name"], storage.get("Location", "").rstrip("/"), columns)
