"""The comparison with the worked example finds a wrong value, a missing row and a row too many."""

import pytest

from tm_lakehouse.end_to_end.worked_example import differences

ROW = {"round_id": "r1", "hole_number": 1, "pace": 4.2, "is_cache": False, "round_end_time": None}
AS_ATHENA_WRITES_IT = ["r1", "1", "4.2", "false", None]


def test_the_same_row_has_no_difference():
    assert differences([ROW], [AS_ATHENA_WRITES_IT]) == []


@pytest.mark.parametrize(
    ("place", "value"), [(0, "r2"), (1, None), (2, "4.200000001"), (3, "true"), (4, "2024-01-15 10:00:00.000")]
)
def test_a_wrong_value_is_named_with_its_column(place, value):
    found = AS_ATHENA_WRITES_IT.copy()
    found[place] = value

    (difference,) = differences([ROW], [found])

    assert list(ROW)[place] in difference


def test_a_missing_or_extra_row_is_told():
    assert differences([ROW], []) == ["0 rows instead of 1"]
    assert differences([ROW], [AS_ATHENA_WRITES_IT] * 2) == ["2 rows instead of 1"]
