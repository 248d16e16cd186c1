"""What runs did and what they cost."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from tm_lakehouse.cost.report import Line
from tm_lakehouse.dashboard.figures.style import BLUE, GREEN, GREY, ORANGE, RED, SERIES, VIOLET, figure

FATES = {
    "rows_written": ("rows of Silver", GREEN),
    "empty_slots": ("empty", GREY),
    "duplicates": ("twice", BLUE),
    "superseded": ("superseded", VIOLET),
    "quarantined_slots": ("quarantined", RED),
}
SHOWN = 15


def fates(frame: pd.DataFrame) -> go.Figure:
    """Where the slots that were read went, by course."""
    sums = frame.groupby("course_id")[list(FATES)].sum().sort_index()
    drawn = figure(y="slots")
    for column, (name, color) in FATES.items():
        drawn.add_bar(
            x=list(sums.index), y=sums[column], name=name, marker_color=color, hovertemplate="%{x}: %{y:,} slots"
        )
    drawn.update_layout(barmode="stack")
    return drawn


def reasons(frame: pd.DataFrame) -> go.Figure:
    """What was set aside, by reason and course."""
    drawn = figure(y="slots or records")
    for place, (reason, rows) in enumerate(frame.groupby("reason")):
        drawn.add_bar(
            x=rows["course_id"],
            y=rows["quarantined"],
            name=str(reason).replace("_", " "),
            marker_color=SERIES[place % len(SERIES)],
            hovertemplate="%{x}: %{y:,}",
        )
    drawn.update_layout(barmode="stack")
    return drawn


def dollars(lines: Sequence[Line]) -> go.Figure:
    """What Athena billed, day by day."""
    drawn = figure(y="dollars")
    drawn.add_bar(
        x=[line.group for line in lines],
        y=[line.dollars for line in lines],
        marker_color=ORANGE,
        customdata=[[line.count, line.bytes_scanned / 1e6] for line in lines],
        hovertemplate="%{x}: %{y:.5f} dollars, %{customdata[0]:,} statements, %{customdata[1]:,.1f} MB<extra></extra>",
    )
    drawn.update_xaxes(type="category")
    return drawn
