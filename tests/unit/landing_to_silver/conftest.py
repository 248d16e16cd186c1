"""A folder that stands for the buckets, and an empty Silver."""

import datetime as dt
import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyspark import cloudpickle
from pyspark.sql import SparkSession

from tm_lakehouse.landing_to_silver.object_store import StoredObject
from tm_lakehouse.settings import Settings

# Spark's workers can't import this module: they get its store by value.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


@dataclass(frozen=True)
class FolderStore:
    """Objects as files below a folder: `s3://bucket/key` is `<root>/bucket/key`; a plain path is itself."""

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


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Empty buckets."""
    return FolderStore(str(tmp_path / "buckets"))


@pytest.fixture
def silver(spark: SparkSession) -> Iterator[str]:
    """An empty Silver; its table is gone after the test."""
    spark.sql("CREATE NAMESPACE IF NOT EXISTS lakehouse.silver")
    yield "lakehouse.silver"
    for table in ("fact_telemetry_event", "dim_facility_topology"):
        spark.sql(f"DROP TABLE IF EXISTS lakehouse.silver.{table} PURGE")


@pytest.fixture
def settings(warehouse: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A deployment whose buckets are names only."""
    for name in [name for name in os.environ if name.startswith("TM_")]:
        monkeypatch.delenv(name)
    return Settings(
        bucket_landing="landing",
        bucket_source="source",
        bucket_serve="serve",
        bucket_quarantine="quarantine",
        bucket_observability="observability",
        iceberg_catalog_type="hadoop",
        iceberg_warehouse_silver=warehouse,
        iceberg_warehouse_gold=warehouse,
        athena_workgroup="none",
        athena_results="none",
        glue_job_silver="none",
    )
