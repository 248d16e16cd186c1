"""Objects in S3 by their s3:// location."""

from typing import IO, Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError


def split_location(location: str) -> tuple[str, str]:
    """Bucket and key (or prefix) of an s3:// location."""
    parts = urlsplit(location, allow_fragments=False)
    return parts.netloc, parts.path.lstrip("/")


class S3Locations:
    """What Athena does in S3 itself."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def has_bucket(self, location: str) -> bool:
        """Whether the location's bucket is there."""
        try:
            self._client.get_bucket_location(Bucket=split_location(location)[0])
        except ClientError:
            return False
        return True

    def has_object(self, location: str) -> bool:
        """Whether there is an object at exactly this location."""
        bucket, key = split_location(location)
        try:
            self._client.head_object(Bucket=bucket, Key=key)
        except ClientError:
            return False
        return True

    def is_empty(self, location: str) -> bool:
        """Whether nothing lies under a location."""
        return not self.list(location, at_most=1)

    def list(self, location: str, at_most: int | None = None) -> list[str]:
        """The locations of the objects under a location."""
        bucket, prefix = split_location(location)
        folder = f"{prefix.rstrip('/')}/" if prefix else ""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=folder, PaginationConfig={"MaxItems": at_most}
        )
        return [f"s3://{bucket}/{entry['Key']}" for page in pages for entry in page.get("Contents", [])]

    def get(self, location: str) -> bytes:
        """The content of one object."""
        bucket, key = split_location(location)
        body: bytes = self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
        return body

    def put(self, location: str, body: bytes | IO[bytes], content_type: str) -> None:
        """Write one object."""
        bucket, key = split_location(location)
        self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)
