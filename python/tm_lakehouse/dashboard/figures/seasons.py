"""When a course is played."""

from calendar import day_abbr, month_abbr

import pandas as pd
import plotly.graph_objects as go

from tm_lakehouse.dashboard.figures.style import BLUE, GREEN, LITTLE_TO_MUCH, SERIES, by_month, figure

WEEKDAYS = list(day_abbr)


def months(frame: pd.DataFrame) -> go.Figure:
    """Rounds a month; those without a time are left out."""
    dated = frame.dropna(subset=["month_start"])
    drawn = figure(y="rounds")
    drawn.add_bar(
        x=dated["month_start"],
        y=dated["rounds"],
        marker_color=GREEN,
        customdata=dated[["pct_total"]],
        hovertemplate="%{x|%B %Y}: %{y:,} rounds, %{customdata[0]:.1f} %<extra></extra>",
    )
    return by_month(drawn, len(dated))


def weekdays(frame: pd.DataFrame) -> go.Figure:
    """Rounds by weekday; those without a time are left out."""
    dated = frame[frame["weekday_number"] > 0]
    drawn = figure(y="rounds")
    drawn.add_bar(
        x=[WEEKDAYS[number - 1] for number in dated["weekday_number"]],
        y=dated["rounds"],
        marker_color=BLUE,
        hovertemplate="%{x}: %{y:,} rounds<extra></extra>",
    )
    return drawn


def months_and_weekdays(frame: pd.DataFrame) -> go.Figure:
    """Rounds by month of the year and weekday, all years together."""
    table = frame.pivot_table(index="round_weekday", columns="round_month", values="rounds", aggfunc="sum")
    table = table.reindex(index=range(1, 8), columns=range(1, 13))
    drawn = figure()
    drawn.add_heatmap(
        x=[month_abbr[month] for month in table.columns],
        y=WEEKDAYS,
        z=table.astype("float64").to_numpy(),
        colorscale=LITTLE_TO_MUCH,
        hovertemplate="%{y} in %{x}: %{z:,} rounds<extra></extra>",
        colorbar={"thickness": 10},
    )
    drawn.update_yaxes(autorange="reversed")
    return drawn


def minutes_by_month(frame: pd.DataFrame) -> go.Figure:
    """Mean minutes of complete rounds by month, a line for each length."""
    drawn = figure(y="mean minutes")
    for place, (length, rows) in enumerate(frame.groupby("round_length")):
        sums = rows.groupby(["round_year", "round_month"])[["complete_minutes", "complete_rounds"]].sum().reset_index()
        sums = sums[sums["complete_rounds"] > 0]
        drawn.add_scatter(
            x=first_days(sums),
            y=sums["complete_minutes"] / sums["complete_rounds"],
            name=f"{length} holes",
            mode="lines+markers",
            line={"color": SERIES[place % len(SERIES)], "width": 2},
            customdata=sums[["complete_rounds"]],
            hovertemplate="%{x|%B %Y}: %{y:.0f} min, %{customdata[0]:,} rounds",
        )
    return by_month(drawn, frame["round_month"].nunique())


def first_days(frame: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """The first day of each row's month."""
    return pd.to_datetime(
        {"year": frame["round_year"].astype(int), "month": frame["round_month"].astype(int), "day": 1}
    )
