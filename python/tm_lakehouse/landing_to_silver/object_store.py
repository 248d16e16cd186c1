"""Where landed files are read and everything is written: objects named by URI."""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONNECTIONS = 32


class StoredObject(NamedTuple):
    """An object as a listing tells it."""

    uri: str
    size: int
    modified_at: dt.datetime
    etag: str


class ObjectStore(Protocol):
    """The few operations that landing to Silver needs. Implementations must be picklable: tasks carry them."""

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Everything whose URI starts with the prefix."""

    def folders(self, prefix: str) -> Iterator[str]:
        """The names, without slashes, that follow the prefix and end at the next slash."""

    def get(self, uri: str) -> bytes:
        """The object's content."""

    def put(self, uri: str, content: bytes) -> None:
        """Write an object whole, over an earlier one of that name."""


class S3ObjectStore:
    """S3, with the credentials and endpoint of the environment."""

    def list(self, prefix: str) -> Iterator[StoredObject]:
        bucket, key = _split(prefix)
        pages = _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
        for page in pages:
            for entry in page.get("Contents", []):
                uri = f"s3://{bucket}/{entry['Key']}"
                yield StoredObject(uri, entry["Size"], entry["LastModified"], entry["ETag"].strip('"'))

    def folders(self, prefix: str) -> Iterator[str]:
        bucket, key = _split(prefix)
        pages = _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key, Delimiter="/")
        for page in pages:
            for entry in page.get("CommonPrefixes", []):
                yield entry["Prefix"].removeprefix(key).rstrip("/")

    def get(self, uri: str) -> bytes:
        bucket, key = _split(uri)
        return _client().get_object(Bucket=bucket, Key=key)["Body"].read()

    def put(self, uri: str, content: bytes) -> None:
        bucket, key = _split(uri)
        _client().put_object(Bucket=bucket, Key=key, Body=content)


def forget_client() -> None:
    """Let the next call make a client anew, with the credentials that the environment has by then."""
    _client.cache_clear()


@cache
def _client() -> "S3Client":
    import boto3
    from botocore.config import Config

    return boto3.client("s3", config=Config(max_pool_connections=CONNECTIONS))


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
