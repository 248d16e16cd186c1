"""What a link may ask for."""

from datetime import date

import pytest

from tm_lakehouse.dashboard.link import choice_of, course_of, period_of, round_of
from tm_lakehouse.dashboard.period import Period, usual

WHOLE = Period(date(2024, 1, 1), date(2024, 12, 31))
LAST_MONTHS = Period(date(2024, 10, 1), date(2024, 12, 31))


def test_the_course_of_a_link_is_shown_else_the_first_and_told():
    assert course_of("b", ["a", "b"]).value == "b"
    assert course_of(None, ["a", "b"]) == course_of("a", ["a", "b"])
    unknown = course_of("c", ["a", "b"])
    assert unknown.value == "a"
    assert "“c”" in unknown.objection


def test_what_is_no_name_is_not_repeated():
    assert "script" not in course_of("<script>", ["a"]).objection


@pytest.mark.parametrize(
    ("asked", "value"), [("65a1b2", "65a1b2"), (None, None), ("a' OR 1=1", None), ("x" * 101, None)]
)
def test_a_round_is_an_identifier(asked, value):
    found = round_of(asked)

    assert found.value == value
    assert bool(found.objection) == (asked != value)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ({}, LAST_MONTHS),
        ({"from": "2024-03-01", "to": "2024-04-01"}, Period(date(2024, 3, 1), date(2024, 4, 1))),
        ({"from": "2024-03-01"}, Period(date(2024, 3, 1), WHOLE.last)),
        ({"to": "2024-03-01"}, Period(WHOLE.first, date(2024, 3, 1))),
        ({"from": "2020-01-01", "to": "2030-01-01"}, WHOLE),
    ],
)
def test_days_of_a_link_inside_those_of_the_course(asked, value):
    found = period_of(asked, WHOLE)

    assert (found.value, found.objection) == (value, None)


@pytest.mark.parametrize(
    "asked",
    [{"from": "yesterday"}, {"from": "2024-13-01"}, {"from": "2026-01-01"}, {"from": "2024-05-02", "to": "2024-05-01"}],
)
def test_days_that_can_not_be_are_told(asked):
    found = period_of(asked, WHOLE)

    assert found.value == LAST_MONTHS
    assert found.objection


def test_a_choice_is_found_by_its_text():
    assert choice_of("7", (7, 30)) == 7
    assert choice_of("30", (7, 30)) == 30
    assert choice_of("31", (7, 30)) == 7
    assert choice_of(None, (7, 30)) == 7


def test_a_short_season_is_shown_whole():
    short = Period(date(2024, 6, 1), date(2024, 6, 2))
    assert usual(short.first, short.last) == short
    assert short.days == 2
    assert short.in_utc() == Period(date(2024, 5, 31), date(2024, 6, 3))
