"""Where and when a course is slow."""

import pandas as pd
import streamlit as st

from tm_lakehouse.dashboard import filters, session, told
from tm_lakehouse.dashboard.figures import pace as figures
from tm_lakehouse.dashboard.one_round import hole_labels
from tm_lakehouse.dashboard.panel import metrics, panel
from tm_lakehouse.dashboard.queries import pace


def render() -> None:
    """The page."""
    st.title("Pace and bottlenecks", anchor=False)
    chosen = filters.chosen_days_of_course(*st.columns(2))
    if chosen is None:
        return
    course, period = chosen
    holes, sections, hours = session.read(
        pace.by_hole(course.course_id, period),
        pace.by_section(course.course_id, period),
        pace.by_hour(course.course_id, period),
    )
    often = figures.often_played(holes.frame)
    _bottlenecks(often)
    panel(
        "By hole",
        lambda: figures.hole_durations(often),
        [holes],
        note="From the first to the last fix on the hole, where at least one round in fifty plays it. Red: the slowest "
        "three. Medians are approximate.",
        data=often,
    )
    panel(
        "By section",
        lambda: figures.sections(sections.frame),
        [sections],
        note="Mean over the fixes of the period, at most its last year: where a line climbs, groups drift apart.",
    )
    left, right = st.columns(2)
    with left:
        panel(
            "By nine and loop", lambda: figures.loops(often), [holes], note="The same holes, pass by pass.", data=often
        )
    with right:
        panel("By hour", lambda: figures.hours(hours.frame), [hours], note="Local hours, on weekdays and weekends.")
    panel(
        "Rounds on the course", lambda: figures.hours_busy(hours.frame), [hours], note="Rounds with a fix in the hour."
    )


def _bottlenecks(holes: pd.DataFrame) -> None:
    if holes.empty:
        return
    labelled = holes.assign(label=hole_labels(holes))
    slowest = labelled.nlargest(figures.SLOWEST, "median_duration_sec")
    metrics(
        *(
            (f"Slowest, place {place}", f"hole {row.label}: {told.minutes(row.median_duration_sec / 60)}")
            for place, row in enumerate(slowest.itertuples(index=False), start=1)
        )
    )
