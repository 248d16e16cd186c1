"""All courses at a glance."""

import pandas as pd
import plotly.graph_objects as go

from tm_lakehouse.dashboard.figures.style import BLUE, GREEN, by_month, figure

SHOWN = 20


def months(frame: pd.DataFrame) -> go.Figure:
    """Rounds a month over all courses."""
    drawn = figure(y="rounds")
    drawn.add_bar(
        x=frame["month_start"],
        y=frame["rounds"],
        marker_color=GREEN,
        customdata=frame[["courses"]],
        hovertemplate="%{x|%B %Y}: %{y:,} rounds on %{customdata[0]} courses<extra></extra>",
    )
    return by_month(drawn, len(frame))


def busiest(frame: pd.DataFrame) -> go.Figure:
    """Rounds of the busiest courses."""
    return _highest(frame, "rounds", "rounds", GREEN, "%{x:,} rounds")


def pace_gaps(frame: pd.DataFrame) -> go.Figure:
    """Median seconds to the group in front, of the courses that have it, the widest first."""
    return _highest(frame, "median_pace_gap_sec", "median seconds to the group in front", BLUE, "%{x:.0f} s")


def _highest(frame: pd.DataFrame, column: str, title: str, color: str, told: str) -> go.Figure:
    """The courses with the highest values, the highest on top; those without a value are left out."""
    shown = frame.dropna(subset=[column]).nlargest(SHOWN, column).iloc[::-1]
    drawn = figure(x=title, height=120 + 32 * len(shown))
    drawn.add_bar(
        x=shown[column],
        y=shown["course_name"],
        orientation="h",
        marker_color=color,
        hovertemplate=f"%{{y}}: {told}<extra></extra>",
    )
    return drawn
