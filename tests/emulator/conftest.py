"""Every test here needs an AWS."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _aws(aws):
    """Start it before the first test."""
