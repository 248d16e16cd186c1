"""The lines of DESCRIBE: padded columns for tables of files, as Hive writes them, and a form of its own for Iceberg."""

import re

from tm_localstack.athena.glue_tables import Table, columns_of, partition_keys
from tm_localstack.athena.translation.formats import SERDES_OF_THE_CATALOG

BLANK = "\t \t "
_WIDTH = 20
_TRANSFORM = re.compile(r"(\w+)\((\w+)(?:, (\d+))?\)")
_SUFFIXES = {"truncate": "trunc"}


def table_of_files(table: Table) -> list[str]:
    """Columns and partition keys, then the keys again in their own part."""
    comment = _comment(table)
    keys = partition_keys(table)
    lines = [_column(column, comment) for column in columns_of(table)] + [_column(key) for key in keys]
    if keys:
        lines += [BLANK, "# Partition Information\t \t ", padded("# col_name", "data_type", "comment"), BLANK]
        lines += [_column(key) for key in keys]
    return lines


def iceberg_table(table: Table, partitioning: list[str]) -> list[str]:
    """Columns, then the partition fields; `partitioning` is Trino's, such as `bucket(id, 4)`."""
    columns = [(column["Name"], _spaced(column["Type"]), column.get("Comment", "")) for column in columns_of(table)]
    lines = ["# Table schema:\t\t", "# col_name\tdata_type\tcomment", *("\t".join(column) for column in columns)]
    lines += ["\t\t", "# Partition spec:\t\t", "# field_name\tfield_transform\tcolumn_name"]
    return lines + ["\t".join(_partition_field(field)) for field in partitioning]


def padded(*values: str) -> str:
    """One line of a table of files."""
    return "\t".join(value.ljust(_WIDTH) for value in values)


def _comment(table: Table) -> str:
    """What Hive says of columns without a comment of their own, where the files' SerDe names them; a view has none."""
    if table.get("TableType") == "VIRTUAL_VIEW":
        return ""
    serde = table.get("StorageDescriptor", {}).get("SerdeInfo", {}).get("SerializationLibrary", "")
    return "" if serde in SERDES_OF_THE_CATALOG else "from deserializer"


def _column(column: dict[str, str], comment: str = "") -> str:
    return padded(column["Name"], column["Type"], column.get("Comment") or comment)


def _spaced(column_type: str) -> str:
    return re.sub(r"([,:])(?=[^\d\s])", r"\1 ", column_type)


def _partition_field(field: str) -> tuple[str, str, str]:
    match = _TRANSFORM.fullmatch(field)
    if match is None:
        return field, "identity", field
    name, column, number = match.groups()
    return f"{column}_{_SUFFIXES.get(name, name)}", f"{name}[{number}]" if number else name, column
