"""One Spark session with Iceberg on a folder, and what keeps tests from seeing each other."""

from collections.abc import Iterator

import pytest
from local_spark import local_session
from own_clients import own_clients
from pyspark.sql import SparkSession


@pytest.fixture(autouse=True)
def _own_clients(monkeypatch):
    with own_clients(monkeypatch):
        yield


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
