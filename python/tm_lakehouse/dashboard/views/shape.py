"""Where rounds start, how the course is laid out, and its curated nines."""

import pandas as pd
import streamlit as st

from tm_lakehouse.dashboard import filters, session
from tm_lakehouse.dashboard.figures import shape as figures
from tm_lakehouse.dashboard.panel import behind, metrics, panel, table
from tm_lakehouse.dashboard.queries import shape
from tm_lakehouse.dashboard.views import topology_editor


def render() -> None:
    """The page."""
    st.title("Start holes and shape", anchor=False)
    course = filters.chosen_course()
    if course is None:
        return
    if course.whole is None:
        st.info("None of this course's rounds has a time.")
        return
    starts, configuration, nines, placed = session.read(
        shape.start_holes(course.course_id),
        shape.configuration(course.course_id),
        shape.nines(course.course_id),
        shape.placed_fixes(course.course_id, course.whole),
    )
    if len(configuration.frame):
        _shape(configuration.frame.iloc[0])
        behind("Shape", [configuration], configuration.frame)
    panel("Start holes", lambda: figures.start_holes(starts.frame), [starts], note="Rounds by the hole they start on.")
    panel(
        "Sections and holes",
        lambda: figures.sections(placed.frame, nines.frame),
        [placed, nines],
        note="A dot: fixes of a section that lie on a hole, in the last year. Bands: the nines of the topology.",
    )
    table(
        "Nines in the lake",
        [nines],
        note="What Silver's nines and loops are derived from; times are UTC.",
        columns={"updated_at": st.column_config.DatetimeColumn("updated at", format="YYYY-MM-DD HH:mm")},
    )
    topology_editor.render(course.course_id, nines.frame)


def _shape(row: "pd.Series[object]") -> None:
    known = row["topology_course_type"]
    metrics(
        ("Type, by topology", "not known" if pd.isna(known) else str(known)),
        ("Sections seen", f"{row['max_section_seen']}"),
        ("Start holes", f"{row['unique_start_holes']}"),
        ("Shotgun starts", f"{row['pct_shotgun_starts']:.1f} %"),
        ("Nine-hole rounds", f"{row['pct_nine_hole']:.1f} %"),
        ("Complexity", f"{row['course_complexity_score']}"),
    )
