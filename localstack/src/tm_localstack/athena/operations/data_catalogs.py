"""Data catalogs, databases and tables, as Athena's API describes the Glue catalog."""

import re
from typing import Any

from localstack.aws.api import RequestContext, handler

from tm_localstack.athena.errors import StatementFailedError
from tm_localstack.athena.glue_tables import Table, columns_of, partition_keys
from tm_localstack.athena.models import AWS_DATA_CATALOG
from tm_localstack.athena.operations.requests import (
    Operations,
    Request,
    glue_of,
    invalid_request,
    metadata_error,
    page,
)
from tm_localstack.athena.translation.cursor import Name

_PAGE = 50
_BLANKS = re.compile(r"[ \t]+")


class DataCatalogOperations(Operations):
    """There is one data catalog: Glue's."""

    @handler("ListDataCatalogs", expand=False)
    def list_data_catalogs(self, context: RequestContext, request: Request) -> dict[str, Any]:  # noqa: ARG002
        found, token = page([{"CatalogName": AWS_DATA_CATALOG, "Type": "GLUE"}], request, _PAGE)
        return {"DataCatalogsSummary": found, **token}

    @handler("GetDataCatalog", expand=False)
    def get_data_catalog(self, context: RequestContext, request: Request) -> dict[str, Any]:
        check_catalog(request["Name"])
        parameters = {"catalog-id": context.account_id}
        return {"DataCatalog": {"Name": AWS_DATA_CATALOG, "Type": "GLUE", "Parameters": parameters}}

    @handler("ListDatabases", expand=False)
    def list_databases(self, context: RequestContext, request: Request) -> dict[str, Any]:
        check_catalog(request["CatalogName"])
        databases = sorted(glue_of(context).all_of("get_databases", "DatabaseList"), key=lambda item: item["Name"])
        found, token = page(databases, request, _PAGE)
        return {"DatabaseList": [_database(database) for database in found], **token}

    @handler("GetDatabase", expand=False)
    def get_database(self, context: RequestContext, request: Request) -> dict[str, Any]:
        check_catalog(request["CatalogName"])
        try:
            answer = glue_of(context).call("get_database", Name=request["DatabaseName"])
        except StatementFailedError as error:
            name = request["DatabaseName"]
            raise metadata_error(f"EntityNotFoundException: Database {name} not found. ({error})") from error
        return {"Database": _database(answer["Database"])}

    @handler("ListTableMetadata", expand=False)
    def list_table_metadata(self, context: RequestContext, request: Request) -> dict[str, Any]:
        check_catalog(request["CatalogName"])
        expression = _expression(request.get("Expression"))
        try:
            tables = glue_of(context).tables(request["DatabaseName"])
        except StatementFailedError as error:
            name = request["DatabaseName"]
            raise metadata_error(f"EntityNotFoundException: Database {name} not found. ({error})") from error
        wanted = sorted((t for t in tables if expression.fullmatch(t["Name"])), key=lambda table: table["Name"])
        found, token = page(wanted, request, _PAGE)
        return {"TableMetadataList": [_table_metadata(table) for table in found], **token}

    @handler("GetTableMetadata", expand=False)
    def get_table_metadata(self, context: RequestContext, request: Request) -> dict[str, Any]:
        check_catalog(request["CatalogName"])
        name = Name(request["TableName"].lower(), request["DatabaseName"].lower())
        table = glue_of(context).find(name)
        if table is None:
            raise metadata_error(f"EntityNotFoundException: Table {name.table} not found.")
        return {"TableMetadata": _table_metadata(table)}


def check_catalog(name: str | None) -> None:
    """Refuse a data catalog that is not Glue's.

    Raises:
        CommonServiceException: another name.
    """
    if name and name.lower() != AWS_DATA_CATALOG.lower():
        raise invalid_request(f"Data catalog {name} is not found", "DATACATALOG_NOT_FOUND")


def _expression(text: str | None) -> re.Pattern[str]:
    try:
        return re.compile((text or ".*").replace("*", ".*").replace("..*", ".*"), re.IGNORECASE)
    except re.error as error:
        raise invalid_request(f"Expression is not valid: {error}") from error


def _database(database: dict[str, Any]) -> dict[str, Any]:
    description = {"Description": database["Description"]} if database.get("Description") else {}
    return {"Name": database["Name"], "Parameters": database.get("Parameters") or {}, **description}


def _in_one_line(value: str) -> str:
    """With its blanks as one, as a schema laid out over lines is told; a delimiter, which is a blank itself, stays."""
    return value if value.isspace() else _BLANKS.sub(" ", value)


def _table_metadata(table: Table) -> dict[str, Any]:
    descriptor = table.get("StorageDescriptor") or {}
    serde = descriptor.get("SerdeInfo") or {}
    parameters = {
        **{key: str(value) for key, value in (table.get("Parameters") or {}).items()},
        "location": (descriptor.get("Location") or "").rstrip("/"),
        "inputformat": descriptor.get("InputFormat") or "",
        "outputformat": descriptor.get("OutputFormat") or "",
        "serde.serialization.lib": serde.get("SerializationLibrary") or "",
        **{f"serde.param.{key}": _in_one_line(value) for key, value in (serde.get("Parameters") or {}).items()},
    }
    if "comment" in parameters:
        parameters["comment"] = " ".join(parameters["comment"].split())
    times = {"LastAccessTime": table["LastAccessTime"]} if "LastAccessTime" in table else {}
    return {
        "Name": table["Name"],
        "CreateTime": table["CreateTime"],
        "TableType": table.get("TableType") or "",
        "Columns": [_column(column) for column in columns_of(table)],
        "PartitionKeys": [_column(column) for column in partition_keys(table)],
        "Parameters": parameters,
        **times,
    }


def _column(column: dict[str, str]) -> dict[str, str]:
    return {key: column[key] for key in ("Name", "Type", "Comment") if key in column}
