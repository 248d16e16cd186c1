"""What the data lack."""

import pandas as pd
import plotly.graph_objects as go

from tm_lakehouse.dashboard.figures.seasons import first_days
from tm_lakehouse.dashboard.figures.style import GOOD_TO_BAD, SERIES, by_month, figure
from tm_lakehouse.dashboard.queries.quality import MEASURES, TRENDED

SHOWN = 30
TIERS = {
    "score_tier_1_pace": "pace",
    "score_tier_2_location": "location",
    "score_tier_3_device": "device",
    "score_tier_4_config": "configuration",
}


def missing(frame: pd.DataFrame) -> go.Figure:
    """Percentage of fixes that lack each value, of the courses with the lowest scores."""
    shown = frame.head(SHOWN).iloc[::-1]
    drawn = figure(height=260 + 26 * len(shown))
    drawn.add_heatmap(
        x=[name.replace("_", " ") for name in MEASURES],
        y=shown["course_id"],
        z=shown[[f"pct_missing_{name}" for name in MEASURES]].to_numpy(),
        zmin=0,
        zmax=100,
        colorscale=GOOD_TO_BAD,
        colorbar={"thickness": 10, "ticksuffix": " %"},
        hovertemplate="%{y}: %{z:.1f} % of fixes lack %{x}<extra></extra>",
    )
    drawn.update_xaxes(tickangle=-60)
    return drawn


def tiers(frame: pd.DataFrame) -> go.Figure:
    """The four scores of each course, 0 to 100, the lowest sums first."""
    shown = frame.head(SHOWN)
    drawn = figure(y="score, 0 to 100")
    for place, (column, name) in enumerate(TIERS.items()):
        drawn.add_bar(
            x=shown["course_id"],
            y=shown[column],
            name=name,
            marker_color=SERIES[place],
            hovertemplate="%{x}: %{y:.1f}",
        )
    drawn.update_yaxes(range=[0, 100])
    return drawn


def gaps_by_month(frame: pd.DataFrame) -> go.Figure:
    """Percentage of a course's fixes that lack a value, by local month."""
    drawn = figure(y="% of fixes without")
    for place, name in enumerate(TRENDED):
        drawn.add_scatter(
            x=first_days(frame),
            y=100 * frame[f"missing_{name}"] / frame["fixes"],
            name=name.replace("_", " "),
            mode="lines+markers",
            line={"color": SERIES[place], "width": 2},
            hovertemplate="%{x|%B %Y}: %{y:.1f} %",
        )
    return by_month(drawn, len(frame))
