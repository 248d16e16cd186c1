"""A round told from its fixes."""

import pandas as pd
import pytest

from tm_lakehouse.dashboard.one_round import (
    Totals,
    behind_at_end,
    hole_labels,
    holes_against_goal,
    in_local_time,
    totals,
)

NOON = pd.Timestamp("2024-06-01 12:00:00")


def fixes(*rows):
    """Each: seconds since noon, nine, loop, hole, pace."""
    frame = pd.DataFrame(rows, columns=["seconds", "nine_number", "loop_number", "hole_number", "pace"])
    frame["fix_timestamp"] = NOON + pd.to_timedelta(frame.pop("seconds"), unit="s")
    frame["location_index"] = range(len(frame))
    return frame.astype(dict.fromkeys(("nine_number", "loop_number", "hole_number"), "Int64"))


def test_a_hole_ends_where_the_next_begins_and_the_last_with_its_last_fix():
    holes = holes_against_goal(
        fixes((0, 1, 1, 1, 0.0), (300, 1, 1, 1, 30.0), (700, 1, 1, 2, 100.0), (1000, 1, 1, 2, 60.0))
    )

    assert list(holes["seconds"]) == [700, 300]
    assert list(holes["lost_seconds"]) == [100, -40]
    assert list(holes["goal_seconds"]) == [600, 340]
    assert list(holes["label"]) == ["1", "2"]
    assert list(holes["started_at_utc"]) == [NOON, NOON + pd.Timedelta(seconds=700)]


def test_the_same_hole_in_the_next_loop_is_another():
    holes = holes_against_goal(fixes((0, 1, 1, 9, 0.0), (500, 1, 2, 9, 0.0), (900, 1, 2, 9, 0.0)))

    assert list(holes["label"]) == ["9 (loop 1)", "9 (loop 2)"]
    assert list(holes["seconds"]) == [500, 400]


def test_without_pace_there_is_no_goal_and_the_pace_of_a_later_fix_is_not_taken_for_it():
    holes = holes_against_goal(fixes((0, 1, 1, 1, None), (300, 1, 1, 1, 50.0), (600, 1, 1, 2, 60.0)))

    assert holes["goal_seconds"].isna()[0]
    assert holes["seconds"][0] == 600


def test_fixes_without_hole_or_time_are_left_out():
    frame = fixes((0, 1, 1, 1, 0.0), (300, None, None, None, 9.0), (500, 1, 1, 1, 5.0), (600, 1, 1, 2, 6.0))
    frame.loc[3, "fix_timestamp"] = pd.NaT

    holes = holes_against_goal(frame)

    assert list(holes["seconds"]) == [500]


def test_a_round_without_holes_has_none():
    assert holes_against_goal(fixes((0, None, None, None, 0.0))).empty
    assert "goal_seconds" in holes_against_goal(fixes())


def test_a_hole_number_that_restarts_is_told_with_its_nine():
    frame = fixes((0, 1, 1, 1, 0.0), (1, 2, 1, 1, 0.0))
    assert hole_labels(frame) == ["1·1", "2·1"]
    assert hole_labels(fixes((0, 1, 1, 1, 0.0), (1, 2, 1, 10, 0.0))) == ["1", "10"]


@pytest.mark.parametrize(("zone", "hour"), [("America/New_York", 8), (None, 12), ("America/Boise", 6)])
def test_times_are_the_course_s_own(zone, hour):
    assert in_local_time(pd.Series([NOON, pd.NaT]), zone).dt.hour[0] == hour


def test_the_clock_is_put_back():
    twice = in_local_time(pd.Series(pd.to_datetime(["2024-11-03 05:30", "2024-11-03 06:30"])), "America/New_York")

    assert list(twice.dt.hour) == [1, 1]


def test_a_goal_is_its_time_and_fraction():
    row = pd.Series({"round_duration_minutes": 250.0, "goal_time": 14400, "goal_time_fraction": 0.5})

    assert totals(row) == Totals(250, 120)
    assert totals(pd.Series({**row, "goal_time_fraction": None})).goal_minutes == 240
    assert totals(pd.Series({**row, "goal_time": None})).goal_minutes is None


def test_a_round_is_as_far_behind_as_its_last_pace_says():
    assert behind_at_end(fixes((0, 1, 1, 1, 60.0), (1, 1, 1, 1, 90.0), (2, 1, 1, 2, None))) == 1.5
    assert behind_at_end(fixes((0, 1, 1, 1, None))) is None
