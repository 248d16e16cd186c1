"""What the data lack, of all courses and of one."""

import streamlit as st

from tm_lakehouse.dashboard import filters, session
from tm_lakehouse.dashboard.figures import quality as figures
from tm_lakehouse.dashboard.panel import metrics, panel, table
from tm_lakehouse.dashboard.queries import quality


def render() -> None:
    """The page."""
    st.title("Data quality", anchor=False)
    course = filters.chosen_course()
    if course is None:
        return
    scores, gaps, coverage, months = session.read(
        quality.scores(), quality.gaps(), quality.coverage(), quality.gaps_by_month(course.course_id)
    )
    own = scores.frame[scores.frame["course_id"] == course.course_id]
    if len(own):
        metrics(
            ("Quality of this course", f"{own.iloc[0]['data_quality_score']:.1f}"),
            *((name, f"{own.iloc[0][column]:.1f}") for column, name in figures.TIERS.items()),
        )
    panel(
        "Gaps of this course by month",
        lambda: figures.gaps_by_month(months.frame),
        [months],
        note="Percentage of the fixes of rounds that began in the month.",
    )
    panel(
        "Gaps of every course",
        lambda: figures.missing(scores.frame),
        [scores],
        note="Percentage of fixes without a value; the lowest scores first, at most 30 courses.",
    )
    panel("Scores by tier", lambda: figures.tiers(scores.frame), [scores], note="The lowest first, at most 30 courses.")
    table("What to mend first", [gaps])
    table("Gold against Silver", [coverage], note="Whether Gold counts each fix, round, month, weekday and hole once.")
