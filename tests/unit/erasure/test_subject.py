"""What is erased, and which rows hold it."""

import pytest

from tm_lakehouse.erasure.subject import Round, Subject, conditions, subject_of
from tm_lakehouse.errors import LakehouseError

DEVICE = Subject("device", "d'1")
ROUNDS = [Round("erinhills", "r2"), Round("erinhills", "r1"), Round("pinehurst4", "r'3")]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((None, None, None), "Name what is to be erased"),
        (("r1", "d1", None), "Name what is to be erased"),
        ((None, "d1", "erinhills"), "erased on all courses"),
        (("  ", None, None), "The id of the round is empty"),
        ((None, "", None), "The id of the device is empty"),
    ],
)
def test_options_that_name_nothing_or_too_much_are_refused(options, reason):
    with pytest.raises(LakehouseError, match=reason):
        subject_of(*options)


@pytest.mark.parametrize(
    ("subject", "columns", "expected"),
    [
        (Subject("round", "r1"), {"round_id", "course_id"}, ["round_id = 'r1'"]),
        (Subject("round", "r1", "a"), {"round_id", "course_id"}, ["round_id = 'r1' AND course_id = 'a'"]),
        (Subject("round", "r1", "a"), {"round_id"}, ["round_id = 'r1'"]),
        (Subject("round", "r1", "a"), {"course_id", "device"}, []),
        (DEVICE, {"device"}, ["device = 'd''1'"]),
        (DEVICE, {"device", "round_id", "course_id"}, ["device = 'd''1'"]),
        (DEVICE, {"course_id"}, []),
        (
            DEVICE,
            {"round_id", "course_id"},
            [
                (
                    "(course_id = 'erinhills' AND round_id IN ('r1', 'r2')) OR "
                    "(course_id = 'pinehurst4' AND round_id IN ('r''3'))"
                )
            ],
        ),
    ],
)
def test_a_tables_columns_decide_how_its_rows_are_found(subject, columns, expected):
    assert conditions(subject, columns, ROUNDS) == expected


def test_a_device_without_rounds_has_no_rows_in_tables_of_rounds():
    assert conditions(DEVICE, {"round_id", "course_id"}, ()) == []


def test_many_rounds_fit_into_athenas_statements_and_each_is_named_once():
    rounds = [Round("erinhills", f"{number:024x}") for number in range(4500)]

    found = conditions(DEVICE, {"round_id", "course_id"}, rounds)

    assert len(found) == 3
    assert max(len(each) for each in found) < 200_000
    assert [sum(f"'{each.round_id}'" in text for text in found) for each in rounds[::500]] == [1] * 9


def test_an_erasure_of_all_courses_covers_that_of_one():
    assert Subject("round", "r1").covers(Subject("round", "r1", "a"))
    assert not Subject("round", "r1", "b").covers(Subject("round", "r1", "a"))
    assert not Subject("device", "r1").covers(Subject("round", "r1"))
