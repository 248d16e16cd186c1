"""What keeps unit tests from seeing each other."""

import pytest
from own_clients import own_clients


@pytest.fixture(autouse=True)
def _own_clients(monkeypatch):
    with own_clients(monkeypatch):
        yield
