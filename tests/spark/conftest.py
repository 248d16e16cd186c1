"""One Spark session with Iceberg on a folder, and what keeps tests from seeing each other."""

from collections.abc import Iterator

import boto3
import pytest
from local_spark import local_session
from pyspark.sql import SparkSession

from tm_lakehouse.landing_to_silver import object_store


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
    session = local_session(warehouse)
    yield session
    session.stop()
