"""How the GPS devices of a course do."""

import pandas as pd
import plotly.graph_objects as go

from tm_lakehouse.dashboard.figures.style import BLUE, GREY, ORANGE, RED, SERIES, figure

SHOWN = 20


def shares_by_day(frame: pd.DataFrame) -> go.Figure:
    """Percentage of each day's fixes with low battery, stored offline, and with an estimated position."""
    drawn = figure(y="% of fixes")
    for column, name, color in (
        ("low_battery_fixes", "battery below 20 %", RED),
        ("cached_fixes", "stored offline", BLUE),
        ("projected_fixes", "position estimated", GREY),
    ):
        drawn.add_scatter(
            x=frame["round_date"],
            y=100 * frame[column] / frame["fixes"],
            name=name,
            mode="lines",
            line={"color": color, "width": 2},
            hovertemplate="%{x|%Y-%m-%d}: %{y:.1f} %",
        )
    return drawn


def lowest(frame: pd.DataFrame) -> go.Figure:
    """Devices with the most low readings: how many of their fixes are low, and critically so."""
    shown = frame[frame["low_battery_fixes"] > 0].head(SHOWN).iloc[::-1]
    drawn = figure(x="fixes", height=140 + 24 * len(shown))
    names = shown["device"].str.slice(-8)
    critical = shown["critical_battery_fixes"]
    for values, name, color in (
        (critical, "below 10 %", RED),
        (shown["low_battery_fixes"] - critical, "10 to 20 %", ORANGE),
    ):
        drawn.add_bar(
            x=values,
            y=names,
            name=name,
            orientation="h",
            marker_color=color,
            customdata=shown[["device"]],
            hovertemplate="%{customdata[0]}: %{x:,} fixes",
        )
    drawn.update_layout(barmode="stack")
    drawn.update_yaxes(type="category")
    return drawn


def battery_by_hour(frame: pd.DataFrame) -> go.Figure:
    """Mean battery by local hour, on weekdays and weekends."""
    drawn = figure(x="hour of the day, local", y="mean battery, %")
    for place, (day_type, rows) in enumerate(frame.groupby("day_type")):
        drawn.add_scatter(
            x=rows["hour_of_day"],
            y=rows["avg_battery_pct"],
            name=str(day_type),
            mode="lines+markers",
            line={"color": SERIES[place % len(SERIES)], "width": 2},
            hovertemplate="%{x}:00: %{y:.0f} %",
        )
    drawn.update_xaxes(dtick=2)
    drawn.update_yaxes(range=[0, 100])
    return drawn
