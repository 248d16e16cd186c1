"""One round: on the map, over time, hole by hole."""

import math
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from tm_lakehouse.dashboard.figures.style import AHEAD_TO_BEHIND, BLUE, GREEN, GREY, ORANGE, RED, figure

LEAST_SPAN_SECONDS = 60.0
HOLE_NAMES = 40


def course_map(fixes: pd.DataFrame, outline: pd.DataFrame) -> go.Figure:
    """The round's way over the course, each fix in the color of its pace; drawn in degrees, without any tile.

    Longitude is shortened as it is at the course's latitude, so that distances are true.
    """
    located = fixes.dropna(subset=["longitude", "latitude"])
    drawn = figure(height=560)
    _add_sections(drawn, outline)
    _add_way(drawn, located)
    latitudes = pd.concat([located["latitude"], outline["latitude"]])
    drawn.update_xaxes(visible=False, fixedrange=False)
    drawn.update_yaxes(
        visible=False, fixedrange=False, scaleanchor="x", scaleratio=_stretch(latitudes), constrain="domain"
    )
    drawn.update_layout(showlegend=False, dragmode="pan")
    return drawn


def pace_over_time(fixes: pd.DataFrame, local_times: pd.Series) -> go.Figure:
    """Minutes behind goal, and to the group in front, by the course's own time."""
    drawn = figure(y="minutes")
    drawn.add_hline(y=0, line_color=GREY, line_width=1)
    for column, name, color in (("pace", "behind goal", RED), ("pace_gap", "to the group in front", BLUE)):
        drawn.add_scatter(
            x=local_times,
            y=fixes[column] / 60,
            name=name,
            mode="lines+markers",
            line={"color": color, "width": 2},
            marker={"size": 5},
            customdata=fixes[["hole_number", "section_number"]],
            hovertemplate="%{x|%H:%M:%S}, hole %{customdata[0]}, section %{customdata[1]}: %{y:.1f} min",
        )
    _add_flags(drawn, fixes, local_times)
    drawn.update_xaxes(tickformat="%H:%M")
    return drawn


def holes(played: pd.DataFrame, usual: pd.DataFrame) -> go.Figure:
    """Minutes on each hole in the order of play, beside the goal's and the course's median."""
    drawn = figure(x="hole", y="minutes")
    places = list(range(len(played)))
    drawn.add_bar(
        x=places,
        y=played["seconds"] / 60,
        name="this round",
        marker_color=[RED if lost > 0 else GREEN for lost in played["lost_seconds"].fillna(0)],
        customdata=played[["label", "lost_seconds"]],
        hovertemplate="hole %{customdata[0]}: %{y:.1f} min, %{customdata[1]:+.0f} s against goal<extra></extra>",
    )
    _add_marks(drawn, places, played["goal_seconds"], "goal", "line-ew-open", GREY)
    _add_marks(drawn, places, _usual_seconds(played, usual), "course's median", "diamond", ORANGE)
    drawn.update_xaxes(tickmode="array", tickvals=places, ticktext=list(played["label"]))
    return drawn


def _add_sections(drawn: go.Figure, outline: pd.DataFrame) -> None:
    drawn.add_scatter(
        x=outline["longitude"],
        y=outline["latitude"],
        mode="markers",
        marker={"size": 16, "color": GREY, "opacity": 0.22},
        customdata=outline[["hole_number", "section_number"]],
        hovertemplate="hole %{customdata[0]}, section %{customdata[1]}<extra>course</extra>",
    )
    tees = outline[outline["hole_section"] == 1].drop_duplicates(["nine_number", "hole_number"]).head(HOLE_NAMES)
    drawn.add_scatter(
        x=tees["longitude"],
        y=tees["latitude"],
        mode="text",
        text=tees["hole_number"].astype("string"),
        textposition="top center",
        textfont={"size": 12},
        hoverinfo="skip",
    )


def _add_way(drawn: go.Figure, fixes: pd.DataFrame) -> None:
    pace = fixes["pace"] / 60
    span = max(pace.abs().max() if pace.notna().any() else 0.0, LEAST_SPAN_SECONDS / 60)
    drawn.add_scatter(
        x=fixes["longitude"],
        y=fixes["latitude"],
        mode="lines+markers",
        line={"color": GREY, "width": 1.5},
        marker={
            "size": 9,
            "color": pace,
            "colorscale": AHEAD_TO_BEHIND,
            "cmin": -span,
            "cmax": span,
            "colorbar": {
                "title": {"text": "min behind goal", "side": "top"},
                "orientation": "h", "thickness": 10, "len": 0.6, "y": -0.02, "yanchor": "top",
            },
        },
        customdata=fixes[["hole_number", "section_number"]],
        hovertemplate="hole %{customdata[0]}, section %{customdata[1]}: %{marker.color:.1f} min behind<extra></extra>",
    )  # fmt: skip
    for name, place, symbol in (("start", 0, "triangle-up"), ("end", -1, "square")):
        if len(fixes):
            spot = fixes.iloc[[place]]
            drawn.add_scatter(
                x=spot["longitude"],
                y=spot["latitude"],
                mode="markers",
                marker={"size": 15, "symbol": symbol, "color": GREEN, "line": {"width": 1.5, "color": "white"}},
                hovertemplate=f"{name}<extra></extra>",
            )


def _add_flags(drawn: go.Figure, fixes: pd.DataFrame, local_times: pd.Series) -> None:
    is_problem = fixes["is_problem"].fillna(False).astype(bool)
    drawn.add_scatter(
        x=local_times[is_problem],
        y=fixes.loc[is_problem, "pace"] / 60,
        name="problem rule met",
        mode="markers",
        marker={"symbol": "x", "size": 10, "color": ORANGE},
        hovertemplate="%{x|%H:%M:%S}: problem<extra></extra>",
    )


def _add_marks(drawn: go.Figure, places: Sequence[int], seconds: pd.Series, name: str, symbol: str, color: str) -> None:
    drawn.add_scatter(
        x=places,
        y=seconds / 60,
        name=name,
        mode="markers",
        marker={"symbol": symbol, "size": 12, "color": color, "line": {"width": 3, "color": color}},
        hovertemplate=f"{name}: %{{y:.1f}} min<extra></extra>",
    )


def _usual_seconds(played: pd.DataFrame, usual: pd.DataFrame) -> pd.Series:
    key = ["nine_number", "loop_number", "hole_number"]
    medians = usual[[*key, "median_duration_sec"]]
    typed = played[key].astype("Int64")
    return typed.merge(medians.astype(dict.fromkeys(key, "Int64")), on=key, how="left")["median_duration_sec"]


def _stretch(latitudes: pd.Series) -> float:
    middle = latitudes.median()
    return 1.0 if pd.isna(middle) else 1 / max(math.cos(math.radians(float(middle))), 0.01)
