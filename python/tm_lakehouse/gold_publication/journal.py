"""The journal of publications and rollbacks in the observability bucket."""

from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.records import FOLDERS, Kind, Record, Status, read_record

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# A rollback may reach back this many records of each kind; older ones stay in the bucket for audit.
REMEMBERED = 60


class Journal:
    """Records by their numbers. Creating one is exclusive: of two that take the same number one fails."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def read(self) -> list[Record]:
        """The latest records of both kinds, in the order of their numbers."""
        keys = [key for kind in FOLDERS for key in sorted(self._keys(kind))[-REMEMBERED:]]
        return sorted((self._get(key) for key in keys), key=lambda record: record.number)

    def create(self, record: Record) -> None:
        """Take a record's number.

        Raises:
            LakehouseError: somebody else has taken it.
        """
        try:
            self._put(record, IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise
            raise _taken(record) from None
        # The two kinds lie under keys of their own, so a rollback may have taken a publication's number meanwhile.
        if any(other.number == record.number and other.kind != record.kind for other in self.read()):
            raise _taken(record)

    def change(self, record: Record, status: Status, **values: object) -> Record:
        """Write a record of ours anew with another status; returns it."""
        changed = replace(record, status=status, **values)  # type: ignore[arg-type]
        self._put(changed)
        return changed

    def _keys(self, kind: Kind) -> list[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=FOLDERS[kind])
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def _get(self, key: str) -> Record:
        body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return read_record(body.decode())

    def _put(self, record: Record, **condition: str) -> None:
        body = record.to_json().encode() + b"\n"
        self._s3.put_object(
            Bucket=self._bucket,
            Key=record.key,
            Body=body,
            ContentType="application/json",
            **condition,  # type: ignore[arg-type]
        )


def _taken(record: Record) -> LakehouseError:
    return LakehouseError(f"Number {record.record_id} was just taken by somebody else.", "Run the command again.")
