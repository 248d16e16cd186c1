"""Spark's sockets are closed in the test that opened them."""

import gc

import pytest


@pytest.fixture(autouse=True)
def _no_socket_is_left():
    """Collecting rows leaves a socket to the garbage collector, which would warn in whichever test it runs."""
    yield
    gc.collect()
