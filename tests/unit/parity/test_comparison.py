"""What two engines' checksums say of each other."""

import pytest

from tm_lakehouse.parity.checksums import Table
from tm_lakehouse.parity.comparison import PAIRING, ROWS, Difference, compare, grouped

TABLE = Table("silver", "fixes", 7, {"course_id": "string", "pace": "double"})


def row(course, **changed):
    return {
        "row_group": course,
        "row_count": "2",
        "whole_rows": "30",
        "sum_course_id": "10",
        "sum_pace": "20",
    } | changed


BOTH = [row("a"), row("b"), row(None)]


@pytest.mark.parametrize(
    ("athena", "differences"),
    [
        (BOTH, ()),
        (BOTH[::-1], ()),
        ([row("a"), row("b", sum_pace="21", whole_rows="31"), row(None)], (Difference("pace", ("b",)),)),
        ([row("a"), row("b", whole_rows="31"), row(None)], (Difference(PAIRING, ("b",)),)),
        (
            [row("a", row_count="3"), row("b", sum_pace=None), row(None)],
            (Difference(ROWS, ("a",)), Difference("pace", ("b",))),
        ),
        (
            [row("a"), row("b")],
            (Difference(ROWS, ("",)), Difference("course_id", ("",)), Difference("pace", ("",))),
        ),
    ],
)
def test_differences_name_column_and_course(athena, differences):
    comparison = compare(TABLE, grouped(BOTH), grouped(athena))
    assert comparison.differences == differences
    assert comparison.is_equal is (not differences)


def test_rows_are_those_of_all_courses():
    comparison = compare(TABLE, grouped(BOTH), grouped(BOTH[:1]))
    assert (comparison.spark_rows, comparison.athena_rows, comparison.columns) == (6, 2, 2)
