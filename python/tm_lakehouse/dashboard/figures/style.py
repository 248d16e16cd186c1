"""How every figure looks."""

import plotly.graph_objects as go

GREEN, BLUE, ORANGE, RED, GREY, VIOLET = "#2f9e6e", "#3d85c6", "#d9822b", "#d1495b", "#8b929c", "#8e6bbf"
SERIES = (GREEN, BLUE, ORANGE, VIOLET, RED, GREY)
# From ahead of goal to behind it; its middle shows on white and on black.
AHEAD_TO_BEHIND = [[0.0, BLUE], [0.5, "#b9bec7"], [0.75, ORANGE], [1.0, RED]]
LITTLE_TO_MUCH = [[0.0, "rgba(47,158,110,0.08)"], [1.0, GREEN]]
GOOD_TO_BAD = [[0.0, "rgba(139,146,156,0.12)"], [0.2, ORANGE], [1.0, RED]]
HEIGHT = 340
MOST_TICKS = 12


def figure(x: str = "", y: str = "", height: int = HEIGHT) -> go.Figure:
    """An empty figure with named axes."""
    drawn = go.Figure()
    drawn.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0},
        hovermode="closest",
        bargap=0.25,
    )
    # Dragging on a phone has to scroll the page, not to zoom the chart.
    drawn.update_xaxes(title=x or None, automargin=True, fixedrange=True)
    drawn.update_yaxes(title=y or None, automargin=True, fixedrange=True)
    return drawn


def by_month(drawn: go.Figure, months: int) -> go.Figure:
    """Its x axis counts months, not days, where so few would otherwise be split."""
    drawn.update_xaxes(tickformat="%b\n%Y", dtick="M1" if months <= MOST_TICKS else None)
    return drawn
