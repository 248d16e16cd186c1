"""What keeps unit tests from seeing each other."""

import boto3
import pytest


@pytest.fixture(autouse=True)
def _own_boto3_session(monkeypatch):
    """boto3's shared session keeps the credentials and the region of the first test that used it."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
