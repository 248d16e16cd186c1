"""When a course is played."""

import pandas as pd
import streamlit as st

from tm_lakehouse.dashboard import filters, session
from tm_lakehouse.dashboard.figures import seasons as figures
from tm_lakehouse.dashboard.panel import metrics, panel
from tm_lakehouse.dashboard.queries import seasons

MONTHS = ("", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def render() -> None:
    """The page."""
    st.title("Seasons", anchor=False)
    course = filters.chosen_course()
    if course is None:
        return
    months, weekdays, both = session.read(
        seasons.by_month(course.course_id),
        seasons.by_weekday(course.course_id),
        seasons.by_month_and_weekday(course.course_id),
    )
    _season(course, months.frame)
    panel("Rounds by month", lambda: figures.months(months.frame), [months], note="Local months.")
    left, right = st.columns(2)
    with left:
        panel("Rounds by weekday", lambda: figures.weekdays(weekdays.frame), [weekdays], note="Local weekdays.")
    with right:
        panel(
            "Months and weekdays",
            lambda: figures.months_and_weekdays(both.frame),
            [both],
            note="Rounds, all years together.",
        )
    panel(
        "How long rounds take",
        lambda: figures.minutes_by_month(both.frame),
        [both],
        note="Mean minutes of complete rounds, by holes played.",
    )


def _season(course: filters.Course, months: pd.DataFrame) -> None:
    first, last = course.row["peak_season_start_month"], course.row["peak_season_end_month"]
    peak = "not established" if pd.isna(first) or pd.isna(last) else f"{MONTHS[first]} to {MONTHS[last]}"
    untimed = months.loc[months["month_start"].isna(), "rounds"].sum()
    dated = months.dropna(subset=["month_start"])
    busiest = "none" if dated.empty else f"{dated.loc[dated['rounds'].idxmax(), 'month_start']:%B %Y}"
    metrics(("Peak season, by profile", peak), ("Busiest month", busiest), ("Rounds without a time", f"{untimed:,}"))
