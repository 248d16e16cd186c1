"""Sizes in words."""

import pytest

from tm_lakehouse.sizes import size


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_500, "1.5 kB"), (250_000, "250 kB"), (3e12, "3.0 TB"), (5e15, "5000 TB")],
)
def test_a_size_has_the_unit_that_leaves_few_digits(count, text):
    assert size(count) == text
