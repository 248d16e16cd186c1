"""The Data Catalog: moto's store, with the optimistic lock that moto lacks."""

import threading
from typing import Any, cast

from localstack.aws.api import RequestContext, handler
from localstack.aws.connect import connect_to
from localstack.services.moto import call_moto, call_moto_with_request
from moto.glue.models import FakeTable, GlueBackend, glue_backends

from tm_localstack.athena.trino.configuration import SDK_APPLICATION
from tm_localstack.athena.view_entries import as_athena_stores, as_trino_reads
from tm_localstack.glue import errors, partition_filters
from tm_localstack.glue.iceberg_columns import note_fields

Request = dict[str, Any]
Response = dict[str, Any]

# AWS has these run something; moto only makes up a state for them.
PRETENDED_BY_MOTO = {
    "StartCrawler": "crawlers",
    "CreateSession": "interactive sessions",
    "CreateDevEndpoint": "development endpoints",
    "StartWorkflowRun": "workflows",
}


def backend_of(context: RequestContext) -> GlueBackend:
    """Moto's Glue of the caller's account and region."""
    return glue_backends[context.account_id][context.region]


class CatalogOperations:
    """Databases, tables and partitions. One lock makes each call atomic: the gateway has threads, moto has no locks."""

    def __init__(self) -> None:
        super().__init__()
        partition_filters.understand_lengths()
        self.catalog_lock = threading.RLock()

    def forward(self, context: RequestContext, request: Request) -> Response:  # noqa: ARG002
        """Let moto answer what has no handler here, one call at a time."""
        if what := PRETENDED_BY_MOTO.get(context.operation.name):
            raise errors.not_local(what)
        with self.catalog_lock:
            return call_moto(context) or {}

    def table(self, context: RequestContext, database: str, name: str) -> FakeTable:
        """The stored table; EntityNotFoundException without one."""
        return backend_of(context).get_table(database, name)

    @handler("CreateTable", expand=False)
    def create_table(self, context: RequestContext, request: Request) -> Response:
        """Store a new table. AWS would itself write an Iceberg table's first metadata or index partitions; we don't."""
        for parameter in ("OpenTableFormatInput", "PartitionIndexes"):
            if request.get(parameter):
                raise errors.not_local(f"CreateTable with {parameter}")
        if not request.get("TableInput"):
            raise errors.invalid_input("TableInput is required.")
        with self.catalog_lock:
            _store(context, request)
            table = self.table(context, request["DatabaseName"], request["TableInput"]["Name"])
            note_fields(table.get_version(table.as_dict()["VersionId"]), _s3_of(context))
        return {}

    @handler("GetTable", expand=False)
    def get_table(self, context: RequestContext, request: Request) -> Response:
        """A table; Trino gets a view in the form that it reads."""
        answer = self.forward(context, request)
        return answer | {"Table": as_trino_reads(answer["Table"])} if _is_trino(context) else answer

    @handler("GetTables", expand=False)
    def get_tables(self, context: RequestContext, request: Request) -> Response:
        """The tables of a database; Trino gets views in the form that it reads."""
        answer = self.forward(context, request)
        return answer | {"TableList": list(map(as_trino_reads, answer["TableList"]))} if _is_trino(context) else answer

    @handler("UpdateTable", expand=False)
    def update_table(self, context: RequestContext, request: Request) -> Response:
        """Store a table's next version, unless `VersionId` names another than the current one."""
        if request.get("UpdateOpenTableFormatInput"):
            raise errors.not_local("UpdateTable with UpdateOpenTableFormatInput")
        if not request.get("TableInput"):
            raise errors.invalid_input("TableInput is required.")
        with self.catalog_lock:
            table = self.table(context, request["DatabaseName"], request["TableInput"]["Name"])
            current = table.as_dict()["VersionId"]
            if request.get("VersionId") not in (None, current):
                raise errors.concurrent_modification("Update table failed due to concurrent modifications.")
            before = dict(table.get_version(current).get("Parameters") or {})
            _store(context, request)
            stored = table.get_version(table.as_dict()["VersionId"])
            _keep_over_commit(before, stored)
            note_fields(stored, _s3_of(context))
            if request.get("SkipArchive"):
                table.delete_version(current)
        return {}

    @handler("DeleteTableVersion", expand=False)
    def delete_table_version(self, context: RequestContext, request: Request) -> Response:
        """Forget an archived version of a table."""
        with self.catalog_lock:
            table = self.table(context, request["DatabaseName"], request["TableName"])
            version = request["VersionId"]
            if version == table.as_dict()["VersionId"]:
                raise errors.invalid_input("Cannot delete the current version of a table.")
            table.get_version(version)
            table.delete_version(version)
        return {}

    @handler("GetPartitions", expand=False)
    def get_partitions(self, context: RequestContext, request: Request) -> Response:
        """The partitions that match the expression, or one segment of them: moto gives every segment all of them."""
        partitions = self._partitions(context, request)
        if segment := request.get("Segment"):
            partitions = partitions[segment["SegmentNumber"] :: segment["TotalSegments"]]
        if request.get("ExcludeColumnSchema"):
            partitions = [_without_columns(partition) for partition in partitions]
        return {"Partitions": partitions}

    def _partitions(self, context: RequestContext, request: Request) -> list[Response]:
        # An empty expression asks for all partitions, as Trino does; moto takes it for one that it can't parse.
        if request.get("Expression") != "":
            partitions: list[Response] = self.forward(context, request).get("Partitions", [])
            return partitions
        with self.catalog_lock:
            table = self.table(context, request["DatabaseName"], request["TableName"])
            return [partition.as_dict() for partition in table.get_partitions(None)]

    @handler("GetCatalog", expand=False)
    def get_catalog(self, context: RequestContext, request: Request) -> Response:
        """The account's default catalog; there is no other."""
        if request["CatalogId"] != context.account_id:
            raise errors.entity_not_found(f"Catalog {request['CatalogId']} not found.")
        return {"Catalog": _default_catalog(context)}

    @handler("GetCatalogs", expand=False)
    def get_catalogs(self, context: RequestContext, request: Request) -> Response:
        """The account's catalogs: the default one where the root is asked for."""
        return {"CatalogList": [_default_catalog(context)] if request.get("IncludeRoot") else []}


def _is_trino(context: RequestContext) -> bool:
    return f"app/{SDK_APPLICATION}" in context.request.headers.get("User-Agent", "").split()


def _store(context: RequestContext, request: Request) -> None:
    """Let moto carry out a CreateTable or UpdateTable; a view that Trino made is stored in Athena's form."""
    if not _is_trino(context):
        call_moto(context)
        return
    entry = as_athena_stores(request["TableInput"])
    call_moto_with_request(context, cast(Any, request | {"TableInput": entry}))


def _keep_over_commit(before: dict[str, str], stored: Response) -> None:
    """Put parameters back that a commit to an Iceberg table left out.

    Trino writes only its own and would wipe Athena's (vacuum_*), which Athena's engine and Iceberg's catalog keep.
    """
    parameters = stored.get("Parameters") or {}
    pointers = before.get("metadata_location"), parameters.get("metadata_location")
    if None not in pointers and pointers[0] != pointers[1]:
        stored["Parameters"] = before | parameters


def _s3_of(context: RequestContext) -> Any:
    return connect_to(aws_access_key_id=context.account_id, region_name=context.region).s3


def _default_catalog(context: RequestContext) -> Response:
    return {
        "CatalogId": context.account_id,
        "Name": context.account_id,
        "ResourceArn": f"arn:aws:glue:{context.region}:{context.account_id}:catalog",
    }


def _without_columns(partition: Response) -> Response:
    storage = {name: value for name, value in partition.get("StorageDescriptor", {}).items() if name != "Columns"}
    return {**partition, "StorageDescriptor": storage}
