"""Clients of AWS that belong to one test."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest

from tm_lakehouse.landing_to_silver import object_store


@contextmanager
def own_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """boto3's shared session and the store's client would keep the credentials and the endpoint of the first test."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    object_store.forget_client()
    yield
    object_store.forget_client()
