"""What keeps unit tests from seeing each other."""

import boto3
import pytest

from tm_lakehouse.landing_to_silver import object_store


@pytest.fixture(autouse=True)
def _own_clients(monkeypatch):
    """boto3's shared session and the store's client keep the credentials and the endpoint of the first test."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    object_store._client.cache_clear()
    yield
    object_store._client.cache_clear()
