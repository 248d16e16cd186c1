"""The Glue catalog as the statements of Athena read and change it."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from tm_localstack.athena.errors import METASTORE_ERROR, SYSTEM, Failure, StatementFailedError, ddl_failure
from tm_localstack.athena.translation.cursor import Name

_INPUT_KEYS = (
    "Name",
    "Description",
    "Owner",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
)
_CONFLICT = "ConcurrentModificationException"
_ATTEMPTS = 5

Table = dict[str, Any]


class GlueTables:
    """Databases, tables and partitions by a Glue client. Its errors are failures of the statement."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call Glue, with its errors in Athena's words.

        Raises:
            StatementFailedError: Glue answered an error.
        """
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**parameters)
        except ClientError as error:
            raise StatementFailedError(_failure(error)) from error
        return answer

    def find(self, name: Name) -> Table | None:
        """A table, or None if there is none of this name."""
        try:
            table: Table = self._client.get_table(DatabaseName=name.database, Name=name.table)["Table"]
        except self._client.exceptions.EntityNotFoundException:
            return None
        return table

    def table(self, name: Name) -> Table:
        """A table.

        Raises:
            StatementFailedError: there is none of this name.
        """
        table = self.find(name)
        if table is None:
            reason = f"FAILED: SemanticException [Error 10001]: Table not found {name.database}.{name.table}"
            raise StatementFailedError(ddl_failure(reason))
        return table

    def has_database(self, name: str) -> bool:
        try:
            self._client.get_database(Name=name)
        except self._client.exceptions.EntityNotFoundException:
            return False
        return True

    def change(self, name: Name, edit: Callable[[Table], None]) -> None:
        """Edit a table's entry, again from the start where another writer was faster."""
        for attempt in range(_ATTEMPTS):
            table = self.table(name)
            edited = {key: table[key] for key in _INPUT_KEYS if key in table}
            edit(edited)
            version = {"VersionId": table["VersionId"]} if "VersionId" in table else {}
            try:
                self._client.update_table(DatabaseName=name.database, TableInput=edited, **version)
            except ClientError as error:
                if error.response["Error"]["Code"] != _CONFLICT or attempt == _ATTEMPTS - 1:
                    raise StatementFailedError(_failure(error)) from error
            else:
                return

    def all_of(self, operation: str, key: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """What a paged operation lists."""
        try:
            for page in self._client.get_paginator(operation).paginate(**parameters):
                yield from page[key]
        except ClientError as error:
            raise StatementFailedError(_failure(error)) from error

    def tables(self, database: str) -> list[Table]:
        """The tables and views of a database.

        Raises:
            StatementFailedError: there is no such database.
        """
        return list(self.all_of("get_tables", "TableList", DatabaseName=database))

    def table_with_partitions(self, name: Name) -> Table:
        """A table that has partition keys.

        Raises:
            StatementFailedError: there is none of this name, or it is not partitioned.
        """
        table = self.table(name)
        if not partition_keys(table):
            reason = f"FAILED: SemanticException Table {name.table} is not a partitioned table"
            raise StatementFailedError(ddl_failure(reason))
        return table

    def partition_names(self, name: Name) -> list[str]:
        """The table's partitions as `key=value/key=value`, in order."""
        keys = [key["Name"] for key in partition_keys(self.table_with_partitions(name))]
        partitions = self.all_of("get_partitions", "Partitions", DatabaseName=name.database, TableName=name.table)
        return sorted(_partition_name(keys, partition["Values"]) for partition in partitions)


def is_iceberg(table: Table) -> bool:
    """Whether a table of the catalog is an Iceberg table."""
    return str(table.get("Parameters", {}).get("table_type", "")).upper() == "ICEBERG"


def is_view(table: Table) -> bool:
    return table.get("TableType") == "VIRTUAL_VIEW"


def columns_of(table: Table) -> list[dict[str, str]]:
    """The table's columns without its partition keys."""
    columns: list[dict[str, str]] = table.get("StorageDescriptor", {}).get("Columns", [])
    return columns


def partition_keys(table: Table) -> list[dict[str, str]]:
    keys: list[dict[str, str]] = table.get("PartitionKeys") or []
    return keys


def _failure(error: ClientError) -> Failure:
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    if code in ("EntityNotFoundException", "AlreadyExistsException", "InvalidInputException"):
        return ddl_failure(f"FAILED: Execution Error, return code 1 from DDLTask. {code}: {message}")
    return Failure(f"HIVE_METASTORE_ERROR: {code}: {message}", SYSTEM, METASTORE_ERROR, retryable=code == _CONFLICT)


def _partition_name(keys: list[str], values: list[str]) -> str:
    return "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))
