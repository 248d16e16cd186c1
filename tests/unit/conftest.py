"""What keeps unit tests from seeing each other."""

import os
from unittest import mock

import pytest
from own_clients import own_clients

KEPT = {"TM_CACHE_DIR"}


@pytest.fixture(autouse=True)
def _own_environment():
    """No deployment of another test's, whatever the process did before; nothing left for the next one."""
    with mock.patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith("TM_") and name not in KEPT]:
            del os.environ[name]
        yield


@pytest.fixture(autouse=True)
def _own_clients(_own_environment, monkeypatch):
    with own_clients(monkeypatch):
        yield
