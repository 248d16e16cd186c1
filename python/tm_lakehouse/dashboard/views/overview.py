"""All courses at a glance."""

import pandas as pd
import streamlit as st

from tm_lakehouse.dashboard.figures import courses as figures
from tm_lakehouse.dashboard.panel import behind, metrics, panel, table
from tm_lakehouse.dashboard.queries import courses
from tm_lakehouse.dashboard.session import read


def render() -> None:
    """The page."""
    st.title("Courses", anchor=False)
    whole, listed, months = read(courses.whole_lake(), courses.course_list(), courses.months_of_all())
    if listed.frame.empty:
        st.info("Gold holds no course yet. `tm-lakehouse gold` builds it from Silver.")
        return
    _totals(whole.frame.iloc[0])
    behind("Totals", [whole], whole.frame)
    panel("Rounds by month", lambda: figures.months(months.frame), [months], note="Local months, all courses together.")
    left, right = st.columns(2)
    with left:
        panel("Busiest courses", lambda: figures.busiest(listed.frame), [listed], note="Rounds in Gold, the first 20.")
    with right:
        panel(
            "Widest gaps between groups",
            lambda: figures.pace_gaps(listed.frame),
            [listed],
            note="Median over all fixes; courses without a pace gap are not shown.",
        )
    table("Every course", [listed], data=_with_links(listed.frame), columns=_columns())


def _totals(row: "pd.Series[object]") -> None:
    metrics(
        ("Courses", f"{row['courses']:,}"),
        ("Rounds", f"{row['rounds']:,}"),
        ("Fixes", f"{row['fixes']:,}"),
        ("Devices", f"{row['devices']:,}"),
        ("Complete rounds", f"{row['pct_complete_rounds']:.1f} %"),
        ("Problem fixes", f"{row['pct_problem_fixes']:.1f} %"),
    )


def _with_links(frame: pd.DataFrame) -> pd.DataFrame:
    shown = frame[
        ["course_name", "course_id", "course_type", "rounds", "devices", "first_round_date", "last_round_date",
         "pct_complete_rounds", "pct_problem_fixes", "median_pace_gap_sec", "data_quality_score", "usability_score"]
    ].copy()  # fmt: skip
    shown.insert(1, "open", "rounds?course=" + shown["course_id"])
    return shown


def _columns() -> dict[str, object]:
    percent = st.column_config.NumberColumn
    return {
        "course_name": st.column_config.TextColumn("course", pinned=True),
        "open": st.column_config.LinkColumn("rounds", display_text="explore"),
        "course_id": "id",
        "course_type": "type",
        "first_round_date": st.column_config.DateColumn("first round"),
        "last_round_date": st.column_config.DateColumn("last round"),
        "pct_complete_rounds": percent("complete", format="%.1f %%"),
        "pct_problem_fixes": percent("problems", format="%.1f %%"),
        "median_pace_gap_sec": percent("median gap, s", format="%.0f"),
        "data_quality_score": st.column_config.ProgressColumn("quality", format="%.0f", min_value=0, max_value=100),
        "usability_score": st.column_config.ProgressColumn("usability", format="%.0f", min_value=0, max_value=100),
    }
