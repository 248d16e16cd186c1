"""Objects as files below a folder, for runs without S3."""

import datetime as dt
import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyspark import cloudpickle

from tm_lakehouse.landing_to_silver.object_store import StoredObject

# Spark's workers can't import this module: they get its store by value.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


@dataclass(frozen=True)
class FolderStore:
    """`s3://bucket/key` is `<root>/bucket/key`; a plain path is itself."""

    root: str

    def path(self, uri: str) -> Path:
        return (
            Path(self.root, uri.removeprefix("s3://")) if uri.startswith("s3://") else Path(uri.removeprefix("file:"))
        )

    def list(self, prefix: str) -> Iterator[StoredObject]:
        bucket = self.path("s3://" + prefix.removeprefix("s3://").partition("/")[0])
        for path in sorted(each for each in bucket.rglob("*") if each.is_file()):
            uri = f"s3://{path.relative_to(self.root)}"
            if uri.startswith(prefix):
                status = path.stat()
                landed_at = dt.datetime.fromtimestamp(status.st_mtime, dt.UTC)
                yield StoredObject(uri, status.st_size, landed_at, hashlib.md5(path.read_bytes()).hexdigest())

    def folders(self, prefix: str) -> Iterator[str]:
        return iter(sorted({each.uri.removeprefix(prefix).partition("/")[0] for each in self.list(prefix)}))

    def get(self, uri: str) -> bytes:
        return self.path(uri).read_bytes()

    def put(self, uri: str, content: bytes) -> None:
        path = self.path(uri)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
