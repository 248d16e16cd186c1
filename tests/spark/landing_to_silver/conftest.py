"""An empty Silver."""

import os
from collections.abc import Iterator

import pytest
from local_spark import folder_settings
from pyspark.sql import SparkSession

from tm_lakehouse.settings import Settings


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
    return folder_settings(warehouse)
