"""Where files are landed: what landing needs of S3, and S3 itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_ABSENT_CODES = ("404", "NoSuchKey")
_TAKEN_CODES = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")


class KeyTakenError(Exception):
    """An object of that key came to be in the meantime."""


@dataclass(frozen=True)
class StoredObject:
    """What is known of an object without reading it."""

    size: int
    metadata: Mapping[str, str]


class ObjectStore(Protocol):
    """What landing needs of S3."""

    def find(self, bucket: str, key: str) -> StoredObject | None:
        """The object, or None."""

    def put_file(self, bucket: str, key: str, path: Path, metadata: Mapping[str, str], *, may_replace: bool) -> None:
        """Store a file's bytes.

        Raises:
            KeyTakenError: the key exists, and `may_replace` isn't set.
        """

    def put_text(self, bucket: str, key: str, text: str) -> None:
        """Store a small text."""


class S3ObjectStore:
    """S3 through boto3. Large files go in parts; a put that may not replace is conditional on the key's absence."""

    PART_BYTES = 64 << 20

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def find(self, bucket: str, key: str) -> StoredObject | None:
        try:
            head = self._client.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT_CODES:
                return None
            raise
        return StoredObject(head["ContentLength"], head["Metadata"])

    def put_file(self, bucket: str, key: str, path: Path, metadata: Mapping[str, str], *, may_replace: bool) -> None:
        condition = {} if may_replace else {"IfNoneMatch": "*"}
        try:
            with path.open("rb") as file:
                if path.stat().st_size <= self.PART_BYTES:
                    self._client.put_object(Bucket=bucket, Key=key, Body=file, Metadata=metadata, **condition)  # type: ignore[arg-type]
                else:
                    self._put_parts(bucket, key, file, metadata, condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in _TAKEN_CODES:
                raise KeyTakenError(key) from None
            raise

    def put_text(self, bucket: str, key: str, text: str) -> None:
        self._client.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType="application/json")

    def _put_parts(
        self, bucket: str, key: str, file: BinaryIO, metadata: Mapping[str, str], condition: Mapping[str, str]
    ) -> None:
        upload = self._client.create_multipart_upload(Bucket=bucket, Key=key, Metadata=metadata)["UploadId"]
        try:
            parts = list(self._parts(bucket, key, upload, file))
            self._client.complete_multipart_upload(
                Bucket=bucket,
                Key=key,
                UploadId=upload,
                MultipartUpload={"Parts": parts},
                **condition,  # type: ignore[arg-type]
            )
        except BaseException:
            self._client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)
            raise

    def _parts(self, bucket: str, key: str, upload: str, file: BinaryIO) -> "Iterator[CompletedPartTypeDef]":
        pieces = iter(lambda: file.read(self.PART_BYTES), b"")
        for number, piece in enumerate(pieces, start=1):
            part = self._client.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=piece)
            yield {"ETag": part["ETag"], "PartNumber": number}
