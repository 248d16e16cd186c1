"""CREATE TABLE with columns: of Iceberg by Trino, of files (EXTERNAL) as an entry of the Glue catalog."""

from dataclasses import dataclass, field
from typing import Any

from tm_localstack.athena.translation import formats
from tm_localstack.athena.translation.clauses import read_columns, read_properties
from tm_localstack.athena.translation.cursor import Cursor, Name, literal, quoted
from tm_localstack.athena.translation.iceberg import (
    check_columns,
    check_properties,
    codec_session,
    partition_field,
    with_clause,
)
from tm_localstack.athena.translation.plan import Column, Context, CreateGlueTable, RefusedError, Step, TrinoSql


@dataclass
class TableDefinition:
    """The clauses of one CREATE TABLE."""

    name: Name
    is_external: bool
    if_not_exists: bool
    columns: tuple[Column, ...]
    comment: str | None = None
    partitions: tuple[Cursor, ...] = ()
    bucket_columns: tuple[str, ...] = ()
    bucket_count: int = 0
    format: formats.FileFormat = formats.TEXT
    location: str | None = None
    properties: dict[str, str] = field(default_factory=dict)


def translate(cursor: Cursor, context: Context) -> list[Step]:
    """Steps of a CREATE [EXTERNAL] TABLE, read from behind CREATE."""
    table = _read(cursor)
    name = table.name.within(context.database)
    if table.properties.get("table_type", "").upper() == "ICEBERG":
        return [TrinoSql(_iceberg_sql(table, name), gives_rows=False)]
    if not table.is_external:
        raise RefusedError("FAILED: SemanticException Only EXTERNAL tables and Iceberg tables can be created")
    if not table.location:
        raise RefusedError("FAILED: SemanticException No location was specified for table. An S3 location is required")
    return [CreateGlueTable(name, _glue_table(table, name), table.if_not_exists)]


def _read(cursor: Cursor) -> TableDefinition:
    is_external = cursor.accept("EXTERNAL")
    cursor.expect("TABLE")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    table = TableDefinition(cursor.name(), is_external, if_not_exists, read_columns(cursor.group()))
    while not cursor.at_end:
        _read_clause(cursor, table)
    return table


def _read_clause(cursor: Cursor, table: TableDefinition) -> None:
    if cursor.accept("COMMENT"):
        table.comment = cursor.string()
    elif cursor.accept("PARTITIONED", "BY"):
        table.partitions = tuple(cursor.group().items())
    elif cursor.accept("CLUSTERED", "BY"):
        table.bucket_columns = tuple(item.identifier() for item in cursor.group().items())
        cursor.expect("INTO")
        table.bucket_count = int(cursor.take().text)
        cursor.expect("BUCKETS")
    elif cursor.sees("ROW", "FORMAT") or cursor.sees("STORED", "AS") or cursor.sees("WITH", "SERDEPROPERTIES"):
        table.format = formats.read(cursor, table.format)
    elif cursor.accept("LOCATION"):
        table.location = cursor.string()
    elif cursor.accept("TBLPROPERTIES"):
        table.properties = read_properties(cursor.group())
    else:
        raise cursor.error(expecting="COMMENT, PARTITIONED, CLUSTERED, ROW, STORED, LOCATION or TBLPROPERTIES")


def _iceberg_sql(table: TableDefinition, name: Name) -> str:
    if table.is_external:
        raise RefusedError("NOT_SUPPORTED: External keyword is not supported for table type ICEBERG")
    if not table.location:
        raise RefusedError("INVALID_TABLE_PROPERTY: Iceberg table location can not be null")
    check_columns(table.columns)
    properties = check_properties(table.properties)
    columns = ", ".join(_iceberg_column(column) for column in table.columns)
    partitions = [partition_field(item) for item in table.partitions]
    exists = "IF NOT EXISTS " if table.if_not_exists else ""
    comment = f" COMMENT {literal(table.comment)}" if table.comment else ""
    options = with_clause(table.location, partitions, properties)
    codec_session(properties)
    return f"CREATE TABLE {exists}{name.sql} ({columns}){comment} {options}"


def _iceberg_column(column: Column) -> str:
    comment = f" COMMENT {literal(column.comment)}" if column.comment else ""
    return f"{quoted(column.name)} {column.type.trino}{comment}"


def _glue_table(table: TableDefinition, name: Name) -> dict[str, Any]:
    keys = [column for item in table.partitions for column in read_columns(item)]
    descriptor = {
        "Columns": [glue_column(column) for column in table.columns],
        "Location": table.location,
        "InputFormat": table.format.input_format,
        "OutputFormat": table.format.output_format,
        "SerdeInfo": {"SerializationLibrary": table.format.serde, "Parameters": dict(table.format.parameters)},
        "BucketColumns": list(table.bucket_columns),
        "NumberOfBuckets": table.bucket_count or -1,
    }
    comment = {"comment": table.comment} if table.comment else {}
    return {
        "Name": name.table,
        "TableType": "EXTERNAL_TABLE",
        "Owner": "hadoop",
        "Parameters": {"EXTERNAL": "TRUE", **table.properties, **comment},
        "PartitionKeys": [glue_column(column) for column in keys],
        "StorageDescriptor": descriptor,
    }


def glue_column(column: Column) -> dict[str, str]:
    """A column as the Glue catalog holds it."""
    comment = {"Comment": column.comment} if column.comment else {}
    return {"Name": column.name, "Type": column.type.hive, **comment}
