"""The tables' files in S3: which hold rows, whether old ones are gone, and what S3 keeps of those that are."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tm_lakehouse.athena import Athena
from tm_lakehouse.erasure.catalog_tables import IcebergTable
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.object_store import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_VERSIONS_PER_CALL = 1000
_DATA = ".parquet"


def current_files(athena: Athena, table: IcebergTable) -> set[str]:
    """The data files of the table's current snapshot."""
    found = athena.query(f'SELECT file_path FROM "{table.name}$files" WHERE content = 0', table.database)
    return {str(row[0]) for row in found.rows}


def files_holding(athena: Athena, table: IcebergTable, condition: str) -> set[str]:
    """The data files of the current snapshot that hold rows of the condition."""
    found = athena.query(f'SELECT DISTINCT "$path" FROM {table.sql_name} WHERE {condition}')
    return {str(row[0]) for row in found.rows}


def all_snapshots(athena: Athena, table: IcebergTable) -> set[str]:
    """The ids of the snapshots that the table remembers."""
    return _ids(athena, table, f'SELECT snapshot_id FROM "{table.name}$snapshots"')


def old_snapshots(athena: Athena, table: IcebergTable) -> set[str]:
    """The same without the current one."""
    current = _ids(athena, table, f"SELECT snapshot_id FROM \"{table.name}$refs\" WHERE name = 'main'")
    return all_snapshots(athena, table) - current


def _ids(athena: Athena, table: IcebergTable, query: str) -> set[str]:
    return {str(row[0]) for row in athena.query(query, table.database).rows}


def left_behind(
    athena: Athena, store: ObjectStore, table: IcebergTable, held: Iterable[str], before: dt.datetime
) -> list[str]:
    """Files from before a moment that no current row needs, and files that held rows and are still the table's."""
    current = current_files(athena, table)
    listed = store.list(f"{table.location}/")
    lying = {each.uri for each in listed if each.uri.endswith(_DATA) and each.modified_at < before}
    return sorted((lying - current - _delete_files(athena, table)) | (current & set(held)))


def remove_earlier_versions(s3: "S3Client", bucket: str, prefix: str) -> int:
    """Remove what a bucket keeps of objects that are deleted or written over, for good; how many versions.

    Raises:
        LakehouseError: S3 kept one.
    """
    earlier = [
        {"Key": each["Key"], "VersionId": each["VersionId"]}
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
        for each in page.get("Versions", [])
        if not each["IsLatest"]
    ]
    for start in range(0, len(earlier), _VERSIONS_PER_CALL):
        batch = earlier[start : start + _VERSIONS_PER_CALL]
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})  # type: ignore[typeddict-item]
        for error in answer.get("Errors", []):
            raise LakehouseError(
                f"S3 keeps a version of {error.get('Key')}: {error.get('Message')}",
                f"Run it again with a caller who has s3:DeleteObjectVersion on {bucket}/{prefix}.",
            )
    return len(earlier)


def _delete_files(athena: Athena, table: IcebergTable) -> set[str]:
    found = athena.query(f'SELECT file_path FROM "{table.name}$files" WHERE content <> 0', table.database)
    return {str(row[0]) for row in found.rows}


def bucket_and_key(uri: str) -> tuple[str, str]:
    """An `s3://` address in its parts."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def files_of_no_table(store: ObjectStore, folder: str, locations: Iterable[str]) -> list[str]:
    """Data files below a folder that lie in no table's location: what a build left that was cut off."""
    known = tuple(f"{location}/" for location in locations)
    return [each.uri for each in store.list(folder) if each.uri.endswith(_DATA) and not each.uri.startswith(known)]
