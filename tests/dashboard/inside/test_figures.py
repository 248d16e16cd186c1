"""Figures: what a reader sees of the numbers."""

import math

import pandas as pd
import pytest
from scripted_lake import result_of

from tm_lakehouse.dashboard.figures import courses, devices, pace, quality, rounds, runs, seasons, shape
from tm_lakehouse.dashboard.figures.style import GREEN, RED
from tm_lakehouse.dashboard.frames import frame_of
from tm_lakehouse.dashboard.one_round import holes_against_goal

FIGURES = [
    (courses.months, ["months_of_all"]),
    (courses.busiest, ["course_list"]),
    (courses.pace_gaps, ["course_list"]),
    (rounds.course_map, ["fixes_of_round", "course_outline"]),
    (pace.hole_durations, ["pace_by_hole"]),
    (pace.loops, ["pace_by_hole"]),
    (pace.sections, ["pace_by_section"]),
    (pace.hours, ["pace_by_hour"]),
    (pace.hours_busy, ["pace_by_hour"]),
    (seasons.months, ["rounds_by_month"]),
    (seasons.weekdays, ["rounds_by_weekday"]),
    (seasons.months_and_weekdays, ["rounds_by_month_and_weekday"]),
    (seasons.minutes_by_month, ["rounds_by_month_and_weekday"]),
    (shape.start_holes, ["start_holes"]),
    (shape.sections, ["placed_fixes", "nines"]),
    (devices.shares_by_day, ["device_days"]),
    (devices.lowest, ["devices"]),
    (devices.battery_by_hour, ["pace_by_hour"]),
    (quality.missing, ["quality_scores"]),
    (quality.tiers, ["quality_scores"]),
    (quality.gaps_by_month, ["quality_gaps_by_month"]),
    (runs.fates, ["latest_runs"]),
    (runs.reasons, ["quarantine_reasons"]),
]


def frame(name, *, rows=True):
    return frame_of(result_of(name, rows=rows))


def trace(figure, name):
    return next(each for each in figure.data if each.name == name)


@pytest.mark.parametrize(("draw", "names"), FIGURES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_figure_shows_its_rows_and_bears_none(draw, names):
    figure = draw(*(frame(name) for name in names))
    assert any(len(each.x) for each in figure.data)

    if draw not in (seasons.months_and_weekdays, pace.hours_busy):
        draw(*(frame(name, rows=False) for name in names))


def test_distances_on_the_map_are_true():
    figure = rounds.course_map(frame("fixes_of_round"), frame("course_outline"))

    assert figure.layout.yaxis.scaleanchor == "x"
    assert figure.layout.yaxis.scaleratio == pytest.approx(1 / math.cos(math.radians(43.2)), rel=1e-3)


def test_the_map_s_colors_are_the_same_on_both_sides_of_goal():
    figure = rounds.course_map(frame("fixes_of_round"), frame("course_outline"))
    marker = next(each.marker for each in figure.data if each.marker.colorscale)

    assert marker.cmin == -marker.cmax == -100 / 60


def test_nothing_is_loaded_from_elsewhere():
    figure = rounds.course_map(frame("fixes_of_round"), frame("course_outline"))

    assert not [each.type for each in figure.data if each.type != "scatter"]
    assert "http" not in figure.to_json()


def test_a_hole_that_lost_time_is_red_and_one_that_won_green():
    played = pd.DataFrame(
        {"nine_number": [1, 1], "loop_number": [1, 1], "hole_number": [1, 2], "label": ["1", "2"],
         "seconds": [600.0, 700.0], "lost_seconds": [30.0, -30.0], "goal_seconds": [570.0, 730.0]}
    )  # fmt: skip
    figure = rounds.holes(played, frame("pace_by_hole"))

    assert list(trace(figure, "this round").marker.color) == [RED, GREEN]
    assert list(trace(figure, "goal").y) == [9.5, 730 / 60]
    assert list(trace(figure, "course's median").y) == [610 / 60, 620 / 60]


def test_holes_of_a_round_without_any():
    rounds.holes(holes_against_goal(frame("fixes_of_round", rows=False)), frame("pace_by_hole"))


def test_the_slowest_three_holes_are_red():
    bars = pace.hole_durations(frame("pace_by_hole")).data[0]

    reds = [label for label, color in zip(bars.x, bars.marker.color, strict=True) if color == RED]
    assert reds == ["7", "8", "9"]


def test_a_pass_that_hardly_anybody_plays_is_left_out():
    holes = frame("pace_by_hole")
    rare = holes.iloc[[0]].assign(loop_number=2, rounds=1, median_duration_sec=3600)

    assert len(pace.often_played(pd.concat([holes, rare]))) == len(holes)
    assert pace.often_played(frame("pace_by_hole", rows=False)).empty


def test_without_pace_gaps_sections_show_pace():
    sections = frame("pace_by_section").assign(avg_pace_gap_sec=math.nan)

    assert "behind goal" in pace.sections(sections).layout.yaxis.title.text


def test_rounds_without_a_time_are_not_in_the_calendar():
    assert len(seasons.months(frame("rounds_by_month")).data[0].x) == 2
    assert list(seasons.weekdays(frame("rounds_by_weekday")).data[0].x) == ["Mon", "Sat"]


def test_months_without_complete_rounds_have_no_mean():
    (line,) = seasons.minutes_by_month(frame("rounds_by_month_and_weekday")).data

    assert list(line.y) == [250]


def test_fates_add_up_to_what_was_read():
    figure = runs.fates(frame("latest_runs"))

    assert sum(each.y[0] for each in figure.data) == frame("latest_runs")["slots_read"].sum()


def test_device_shares_are_per_cent_of_the_day():
    assert list(trace(devices.shares_by_day(frame("device_days")), "battery below 20 %").y) == [5, 0]
