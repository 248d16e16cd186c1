"""Where and when a course is slow."""

import pandas as pd
import plotly.graph_objects as go

from tm_lakehouse.dashboard.figures.style import GREEN, LITTLE_TO_MUCH, ORANGE, RED, SERIES, figure
from tm_lakehouse.dashboard.one_round import hole_labels

SLOWEST = 3
LEAST_SHARE = 0.02


def often_played(holes: pd.DataFrame) -> pd.DataFrame:
    """Holes without the passes that fewer than one round in fifty plays, whose medians say nothing."""
    return holes[holes["rounds"] >= LEAST_SHARE * holes["rounds"].max()] if len(holes) else holes


def hole_durations(frame: pd.DataFrame) -> go.Figure:
    """Median minutes on each hole, the slowest three in red, and the minutes that one round in ten exceeds."""
    slowest = frame["median_duration_sec"].nlargest(SLOWEST).index
    drawn = figure(x="hole", y="minutes")
    labels = hole_labels(frame)
    drawn.add_bar(
        x=labels,
        y=frame["median_duration_sec"] / 60,
        name="median",
        marker_color=[RED if index in slowest else GREEN for index in frame.index],
        customdata=frame[["rounds", "avg_pace_gap_sec"]],
        hovertemplate="hole %{x}: %{y:.1f} min, %{customdata[0]:,} rounds, gap %{customdata[1]:.0f} s<extra></extra>",
    )
    drawn.add_scatter(
        x=labels,
        y=frame["slow_duration_sec"] / 60,
        name="slowest tenth",
        mode="markers",
        marker={"symbol": "line-ew-open", "size": 12, "color": ORANGE, "line": {"width": 3}},
        hovertemplate="hole %{x}: one in ten over %{y:.1f} min<extra></extra>",
    )
    drawn.update_xaxes(type="category")
    return drawn


def loops(frame: pd.DataFrame) -> go.Figure:
    """Median minutes by hole, one line for each nine and pass over it."""
    drawn = figure(x="hole", y="median minutes")
    for place, ((loop, nine), rows) in enumerate(frame.groupby(["loop_number", "nine_number"])):
        unit = rows["course_unit"].dropna()
        name = unit.iloc[0] if len(unit) else f"nine {nine}"
        drawn.add_scatter(
            x=rows["hole_number"],
            y=rows["median_duration_sec"] / 60,
            name=f"{name}, loop {loop}",
            mode="lines+markers",
            line={"color": SERIES[place % len(SERIES)], "width": 2},
            hovertemplate="hole %{x}: %{y:.1f} min",
        )
    drawn.update_xaxes(dtick=1)
    return drawn


def sections(frame: pd.DataFrame) -> go.Figure:
    """Mean minutes to the group in front as it is met section by section, one line a loop."""
    has_gap = frame["avg_pace_gap_sec"].notna().any()
    column, name = ("avg_pace_gap_sec", "to the group in front") if has_gap else ("avg_pace_sec", "behind goal")
    drawn = figure(x="section", y=f"minutes {name}")
    for place, (loop, rows) in enumerate(frame.groupby("loop_number")):
        drawn.add_scatter(
            x=rows["section_number"],
            y=rows[column] / 60,
            name=f"loop {loop}",
            mode="lines+markers",
            line={"color": SERIES[place % len(SERIES)], "width": 2},
            marker={"size": 5},
            customdata=rows[["hole_number", "problem_rate", "fixes"]],
            hovertemplate=(
                "section %{x}, hole %{customdata[0]}: %{y:.1f} min, "
                "%{customdata[1]:.1%} problems, %{customdata[2]:,} fixes"
            ),
        )
    return drawn


def hours(frame: pd.DataFrame) -> go.Figure:
    """Mean minutes behind goal by local hour, on weekdays and weekends."""
    drawn = figure(x="hour of the day, local", y="mean minutes behind goal")
    for place, (day_type, rows) in enumerate(frame.groupby("day_type")):
        drawn.add_scatter(
            x=rows["hour_of_day"],
            y=rows["avg_pace_sec"] / 60,
            name=str(day_type),
            mode="lines+markers",
            line={"color": SERIES[place % len(SERIES)], "width": 2},
            customdata=rows[["rounds", "avg_pace_gap_sec"]],
            hovertemplate="%{x}:00: %{y:.1f} min, %{customdata[0]:,} rounds, gap %{customdata[1]:.0f} s",
        )
    drawn.update_xaxes(dtick=2)
    return drawn


def hours_busy(frame: pd.DataFrame) -> go.Figure:
    """Rounds on the course by local hour and kind of day."""
    table = frame.pivot_table(index="day_type", columns="hour_of_day", values="rounds", aggfunc="sum", observed=True)
    drawn = figure(x="hour of the day, local", height=190)
    drawn.add_heatmap(
        x=[int(hour) for hour in table.columns],
        y=[str(kind) for kind in table.index],
        z=table.astype("float64").to_numpy(),
        colorscale=LITTLE_TO_MUCH,
        showscale=False,
        hovertemplate="%{y}, %{x}:00: %{z:,} rounds<extra></extra>",
    )
    drawn.update_xaxes(dtick=2)
    return drawn
