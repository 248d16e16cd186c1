"""The round explorer: a round on the map, over time, and hole by hole against its goal."""

from typing import Any

import pandas as pd
import streamlit as st

from tm_lakehouse.dashboard import filters, link, told
from tm_lakehouse.dashboard.figures import rounds as figures
from tm_lakehouse.dashboard.filters import Course
from tm_lakehouse.dashboard.lake import Answer
from tm_lakehouse.dashboard.one_round import behind_at_end, holes_against_goal, in_local_time, totals
from tm_lakehouse.dashboard.panel import behind, metrics, panel
from tm_lakehouse.dashboard.period import Period
from tm_lakehouse.dashboard.queries import pace, rounds
from tm_lakehouse.dashboard.session import read

_LISTED = "listed rounds"


def render() -> None:
    """The page."""
    st.title("Rounds", anchor=False)
    first, second, third, fourth = st.columns([3, 3, 2, 2])
    chosen = filters.chosen_days_of_course(first, second)
    if chosen is None:
        return
    course, period = chosen
    with third:
        length = _choice("length", "Holes played", rounds.LENGTHS)
    with fourth:
        order = _choice("order", "In order of", rounds.ORDERS)
    listed = read(rounds.round_list(course.course_id, period, length, order))[0]
    row = _chosen_round(course, listed)
    if row is not None:
        _show(course, period, row)


def _choice(name: str, label: str, options: Any) -> Any:
    return filters.chosen_of(name, label, options, filters.asked_choice(name, options))


def _chosen_round(course: Course, listed: Answer) -> "pd.Series[Any] | None":
    """One of the list, or the one that a link names though the list doesn't have it."""
    frame, answers = listed.frame, [listed]
    asked = filters.asked_round()
    if asked is not None and asked not in set(frame["round_id"]):
        linked = read(rounds.one_round(course.course_id, asked))[0]
        if linked.frame.empty:
            st.warning(f"{course.course_id} has no round {asked}.")
        frame = linked.frame if frame.empty else pd.concat([linked.frame, frame])
        answers.append(linked)
    if frame.empty:
        st.info("No round for these filters.")
        return None
    ids = [str(round_id) for round_id in frame["round_id"]]
    labels = dict(zip(ids, _labels(frame, course), strict=True))
    _begin_anew_where_others_are_listed(ids)
    chosen = filters.chosen_of(
        link.ROUND, f"Round ({len(ids)} listed)", ids, asked if asked in labels else ids[0], labels.__getitem__
    )
    behind("rounds", answers, frame)
    return frame[frame["round_id"] == chosen].iloc[0]


def _begin_anew_where_others_are_listed(ids: list[str]) -> None:
    """The first of another list is shown, not one that happens to be in both."""
    if st.session_state.get(_LISTED) != ids:
        filters.forget(link.ROUND)
    st.session_state[_LISTED] = ids


def _labels(frame: pd.DataFrame, course: Course) -> list[str]:
    starts = in_local_time(frame["round_start_ts"], course.time_zone)
    return [
        f"{'no time' if pd.isna(start) else f'{start:%Y-%m-%d %H:%M}'} · {row.holes_played} holes · "
        f"{told.minutes(None if pd.isna(row.round_duration_minutes) else row.round_duration_minutes)}"
        f"{'' if row.is_complete else ' · incomplete'}"
        for start, row in zip(starts, frame.itertuples(index=False), strict=True)
    ]


def _show(course: Course, period: Period, row: "pd.Series[Any]") -> None:
    days = _days(row)
    fixes, outline, usual = read(
        rounds.fixes_of_round(course.course_id, str(row["round_id"]), days),
        rounds.course_outline(course.course_id, (days or period).first),
        pace.by_hole(course.course_id, period),
    )
    _totals(row, fixes.frame)
    local_times = in_local_time(fixes.frame["fix_timestamp"], course.time_zone)
    left, right = st.columns([5, 6])
    with left:
        panel(
            "On the course",
            lambda: figures.course_map(fixes.frame, _sections(outline.frame)),
            [fixes, outline],
            note="Grey: the course's sections, as a month of fixes shows them. Triangle: start, square: end.",
        )
    with right:
        panel(
            "Pace over time",
            lambda: figures.pace_over_time(fixes.frame, local_times),
            [fixes],
            note=f"Times of the course ({course.time_zone or 'UTC, its zone is not known'}).",
            data=fixes.frame.assign(local_time=local_times),
        )
    played = holes_against_goal(fixes.frame)
    panel(
        "Hole by hole",
        lambda: figures.holes(played, usual.frame),
        [fixes, usual],
        note="Red holes lost time against goal. A goal is told from how pace changes over a hole.",
        data=played,
    )


def _totals(row: "pd.Series[Any]", fixes: pd.DataFrame) -> None:
    times = totals(row)
    metrics(
        ("Played", told.minutes(times.played_minutes)),
        ("Goal", told.minutes(times.goal_minutes)),
        ("Behind goal at the end", told.minutes(behind_at_end(fixes))),
        ("Holes", f"{row['holes_played']}"),
        ("Start hole", "not known" if pd.isna(row["start_hole"]) else f"{row['start_hole']}"),
        ("Problem fixes", f"{row['problem_fix_count']} of {row['fix_count']}"),
    )


def _days(row: "pd.Series[Any]") -> Period | None:
    """The UTC days of a round."""
    if pd.isna(row["round_start_ts"]):
        return None
    return Period(row["round_start_ts"].date(), row["round_end_ts"].date())


def _sections(outline: pd.DataFrame) -> pd.DataFrame:
    """Each section once, on the hole where most of its fixes lie."""
    return outline.drop_duplicates(["nine_number", "section_number"])
