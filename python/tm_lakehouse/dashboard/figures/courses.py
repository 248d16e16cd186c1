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
    shown = frame.nlargest(SHOWN, "rounds").iloc[::-1]
    drawn = figure(x="rounds", height=_height(shown))
    drawn.add_bar(
        x=shown["rounds"],
        y=shown["course_name"],
        orientation="h",
        marker_color=GREEN,
        hovertemplate="%{y}: %{x:,} rounds<extra></extra>",
    )
    return drawn


def pace_gaps(frame: pd.DataFrame) -> go.Figure:
    """Median seconds to the group in front, of the courses that have it, the widest first."""
    shown = frame.dropna(subset=["median_pace_gap_sec"]).nlargest(SHOWN, "median_pace_gap_sec").iloc[::-1]
    drawn = figure(x="median seconds to the group in front", height=_height(shown))
    drawn.add_bar(
        x=shown["median_pace_gap_sec"],
        y=shown["course_name"],
        orientation="h",
        marker_color=BLUE,
        hovertemplate="%{y}: %{x:.0f} s<extra></extra>",
    )
    return drawn


def _height(shown: pd.DataFrame) -> int:
    return 120 + 32 * len(shown)
