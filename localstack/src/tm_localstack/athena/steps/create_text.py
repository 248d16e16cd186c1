"""The statement that makes a table or view of the catalog, line by line as SHOW CREATE gives it."""

import re

from tm_localstack.athena.glue_tables import Table, columns_of, partition_keys
from tm_localstack.athena.translation.cursor import Name, quoted
from tm_localstack.athena.translation.iceberg import KEPT_PROPERTIES

_LOCATION_KEYS = (
    "table_type",
    "metadata_location",
    "previous_metadata_location",
    "EXTERNAL",
    "comment",
    "transient_lastDdlTime",
)
_WITH_NUMBER = re.compile(r"(bucket|truncate)\((\w+), (\d+)\)")
_WITH_NAME = re.compile(r"(year|month|day|hour)\((\w+)\)")
_NEEDS_NO_QUOTES = re.compile(r"[a-z_][a-z0-9_]*")


def iceberg_table(name: Name, table: Table, partitions: list[str], properties: dict[str, str]) -> list[str]:
    """An Iceberg table; `partitions` are Athena's fields, `properties` those of its metadata."""
    shown = {"table_type": "iceberg", "format": properties.get("write.format.default", "parquet").lower()}
    shown |= {key: properties[key] for key in sorted(KEPT_PROPERTIES & properties.keys())}
    lines = [f"CREATE TABLE {name.database}.{name.table} (", *_columns(columns_of(table))]
    if partitions:
        lines.append(f"PARTITIONED BY ({', '.join(partitions)})")
    location = table.get("StorageDescriptor", {}).get("Location", "")
    return [*lines, f"LOCATION '{location}'", *_properties(shown)]


def external_table(name: Name, table: Table) -> list[str]:
    """A table of files."""
    descriptor = table["StorageDescriptor"]
    serde = descriptor.get("SerdeInfo", {})
    lines = [f"CREATE EXTERNAL TABLE `{name.database}.{name.table}`(", *_columns(columns_of(table))]
    if comment := table.get("Parameters", {}).get("comment"):
        lines.append(f"COMMENT {_text(comment)}")
    if keys := partition_keys(table):
        lines += ["PARTITIONED BY ( ", *_columns(keys)]
    lines += ["ROW FORMAT SERDE ", f"  '{serde.get('SerializationLibrary', '')}' "]
    if parameters := serde.get("Parameters"):
        entries = [f"  {_text(key)}={_text(value)}" for key, value in sorted(parameters.items())]
        lines += ["WITH SERDEPROPERTIES ( ", *_joined(entries)]
    lines += ["STORED AS INPUTFORMAT ", f"  '{descriptor.get('InputFormat', '')}' "]
    lines += ["OUTPUTFORMAT ", f"  '{descriptor.get('OutputFormat', '')}'"]
    lines += ["LOCATION", f"  '{descriptor.get('Location', '')}'"]
    parameters = {key: value for key, value in table.get("Parameters", {}).items() if key not in _LOCATION_KEYS}
    return lines + _properties(parameters)


def view(name: Name, statement: str) -> list[str]:
    """A view, out of Trino's CREATE VIEW, whose layout of the query is Athena's too."""
    _, query = statement.split(" AS\n", 1)
    shown = [part if _NEEDS_NO_QUOTES.fullmatch(part) else quoted(part) for part in (name.database, name.table) if part]
    return [f"CREATE VIEW {'.'.join(shown)} AS", *query.splitlines()]


def partition_fields(statement: str) -> list[str]:
    """Athena's partition fields out of Trino's CREATE TABLE: `bucket(id, 16)` becomes ``bucket(16, `id`)``."""
    return [_field(field) for field in partitioning(statement)]


def partitioning(statement: str) -> list[str]:
    """The partition fields out of Trino's CREATE TABLE, as Trino writes them."""
    match = re.search(r"partitioning = ARRAY\[(.*?)\]", statement, re.DOTALL)
    return re.findall(r"'((?:[^']|'')*)'", match.group(1)) if match else []


def _field(field: str) -> str:
    if match := _WITH_NUMBER.fullmatch(field):
        return f"{match.group(1)}({match.group(3)}, `{match.group(2)}`)"
    if match := _WITH_NAME.fullmatch(field):
        return f"{match.group(1)}(`{match.group(2)}`)"
    return f"`{field}`"


def _columns(columns: list[dict[str, str]]) -> list[str]:
    entries = []
    for column in columns:
        comment = f" COMMENT {_text(column['Comment'])}" if column.get("Comment") else ""
        entries.append(f"  `{column['Name']}` {column['Type']}{comment}")
    return _joined(entries)


def _properties(properties: dict[str, str]) -> list[str]:
    if not properties:
        return []
    return ["TBLPROPERTIES (", *_joined([f"  {_text(key)}={_text(value)}" for key, value in properties.items()])]


def _text(value: str) -> str:
    """A text as Hive's dialect reads it."""
    for character, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\t", "\\t")):
        value = value.replace(character, escaped)
    return f"'{value}'"


def _joined(entries: list[str]) -> list[str]:
    return [f"{entry}," for entry in entries[:-1]] + [f"{entry})" for entry in entries[-1:]]
