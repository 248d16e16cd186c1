"""The comparison with the truth sees every kind of difference."""

from datetime import date, datetime
from fractions import Fraction

import pytest
from gold_truth.comparison import differences
from gold_truth.values import Rounded

TRUE = {"key": "a", "value": None}


def found(text):
    return [{"key": "a", "value": text}]


@pytest.mark.parametrize(
    ("value", "right", "wrong"),
    [
        (3, "3", "4"),
        (0.5, "0.5", "0.500000001"),
        (True, "true", "false"),
        (None, None, "0"),
        ("x", "x", "y"),
        (date(2024, 6, 1), "2024-06-01", "2024-06-02"),
        (datetime.fromisoformat("2024-06-01T12:00"), "2024-06-01 12:00:00.000", "2024-06-01 12:00:00.001"),
        (Rounded(Fraction(200, 3), 2), "66.67", "66.66"),
        (Rounded(Fraction(1, 3), 4), "0.3333", "0.33333"),
        ([1.5, None], "[1.5, null]", "[1.5]"),
        ([1.5, 2.0], "[1.5, 2.0]", "[2.0, 1.5]"),
    ],
)
def test_a_value_is_the_true_one_or_a_difference(value, right, wrong):
    truth = [TRUE | {"value": value}]
    assert differences(found(right), truth, ["key"]) == []
    assert differences(found(wrong), truth, ["key"]) == [(("a",), "value", value, wrong)]


def test_rows_that_only_one_side_has_are_differences():
    assert differences([], [TRUE], ["key"])
    assert differences([*found(None), {"key": "b", "value": None}], [TRUE], ["key"]) == [("only found", ("b",))]
