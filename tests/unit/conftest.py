"""What keeps unit tests from seeing each other, and one Spark session for those that need one."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from pyspark.sql import SparkSession

from tm_lakehouse.landing_to_silver import object_store

ICEBERG_JAR = "iceberg-spark-runtime-3.5_2.12-1.10.0.jar"


def spark_jars() -> Path:
    """The folder of Spark's jars that `make setup` fills."""
    cache = os.environ.get("TM_CACHE_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return (Path(cache) if cache else home / "tm-lakehouse") / "spark-jars"


@pytest.fixture(autouse=True)
def _own_clients(monkeypatch):
    """boto3's shared session and the store's client keep the credentials and the endpoint of the first test."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    object_store._client.cache_clear()
    yield
    object_store._client.cache_clear()


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the session's catalog keeps its tables."""
    return f"file:{tmp_path_factory.mktemp('warehouse')}"


@pytest.fixture(scope="session")
def spark(warehouse: str) -> Iterator[SparkSession]:
    """One session for all tests, with Iceberg on a folder."""
    jar = spark_jars() / ICEBERG_JAR
    if not jar.is_file():
        pytest.fail(f"{jar} is missing: run `make setup`.")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", str(jar))
        .config("spark.sql.catalog.lakehouse", "org.apache.iceberg.spark.SparkCatalog")
        .config("spark.sql.catalog.lakehouse.type", "hadoop")
        .config("spark.sql.catalog.lakehouse.warehouse", warehouse)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", 1)
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.executorEnv.POLARS_MAX_THREADS", "1")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    yield session
    session.stop()
