"""Gold's tables in the Glue catalog and their metadata in S3: read, write, and move a pointer."""

import gzip
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.iceberg_metadata import Metadata
from tm_lakehouse.gold_publication.records import metadata_location

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

INPUT_FIELDS = frozenset(
    {"Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "ViewOriginalText",
     "ViewExpandedText", "TableType", "Parameters"}
)  # fmt: skip
CONFLICTS = frozenset({"ConcurrentModificationException", "AlreadyExistsException", "EntityNotFoundException"})
GZIP = b"\x1f\x8b"


class PointerMovedError(LakehouseError):
    """Somebody else has changed a table since it was read."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was changed by somebody else meanwhile.", "Run the command again.")


@dataclass(frozen=True)
class Pointer:
    """A table as Glue holds it, and the version that a change must name."""

    table_input: Mapping[str, Any]
    version: str | None

    @property
    def metadata_location(self) -> str | None:
        """The Iceberg metadata that it names; None for a view."""
        return metadata_location(self.table_input)


class Catalog:
    """Glue's tables by database and name, and JSON objects by their URI."""

    def __init__(self, glue: "GlueClient", s3: "S3Client") -> None:
        self._glue = glue
        self._s3 = s3

    def names(self, database: str) -> list[str]:
        """The tables and views of a database."""
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=database)
        return sorted(table["Name"] for page in pages for table in page["TableList"])

    def pointer(self, database: str, name: str) -> Pointer | None:
        """What a table points to now; None where there is none."""
        try:
            table: Mapping[str, Any] = self._glue.get_table(DatabaseName=database, Name=name)["Table"]
        except self._glue.exceptions.EntityNotFoundException:
            return None
        kept = {field: value for field, value in table.items() if field in INPUT_FIELDS}
        return Pointer(kept, table.get("VersionId"))

    def move(self, database: str, table_input: Mapping[str, Any], seen: Pointer | None) -> None:
        """Make a table what `table_input` says, if it is still what was seen.

        Raises:
            PointerMovedError: it isn't.
        """
        wanted: Any = dict(table_input)
        try:
            if seen is None:
                self._glue.create_table(DatabaseName=database, TableInput=wanted)
                return
            if seen.metadata_location and metadata_location(wanted):
                previous = {"previous_metadata_location": seen.metadata_location}
                wanted["Parameters"] = {**wanted["Parameters"], **previous}
            version = {"VersionId": seen.version} if seen.version else {}
            self._glue.update_table(DatabaseName=database, TableInput=wanted, SkipArchive=True, **version)  # type: ignore[arg-type]
        except ClientError as error:
            if error.response["Error"]["Code"] not in CONFLICTS:
                raise
            raise PointerMovedError(f"{database}.{wanted['Name']}") from None

    def read_metadata(self, location: str) -> Metadata:
        """An Iceberg metadata file."""
        bucket, key = _split(location)
        body = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        content: Metadata = json.loads(gzip.decompress(body) if body.startswith(GZIP) else body)
        return content

    def write_metadata(self, table_location: str, version: int, metadata: Metadata) -> str:
        """Write a new metadata file below a table's location; returns where."""
        location = f"{table_location.rstrip('/')}/metadata/{version:05d}-{uuid.uuid4()}.metadata.json"
        bucket, key = _split(location)
        body = json.dumps(metadata).encode()
        self._s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
        return location

    def exists(self, location: str) -> bool:
        """Whether an object is there."""
        bucket, key = _split(location)
        try:
            self._s3.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                return False
            raise
        return True


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.partition("://")[2].partition("/")
    return bucket, key
