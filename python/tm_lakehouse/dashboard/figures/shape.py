"""How a course is laid out, and where its rounds start."""

import pandas as pd
import plotly.graph_objects as go

from tm_lakehouse.dashboard.figures.style import GREEN, GREY, SERIES, figure


def start_holes(frame: pd.DataFrame) -> go.Figure:
    """Rounds by start hole, complete ones among them."""
    labels = ["unknown" if pd.isna(hole) else str(hole) for hole in frame["start_hole"]]
    complete = frame["complete_rounds_with_this_start"]
    drawn = figure(x="start hole", y="rounds")
    drawn.add_bar(x=labels, y=complete, name="complete", marker_color=GREEN)
    drawn.add_bar(x=labels, y=frame["rounds_with_this_start"] - complete, name="incomplete", marker_color=GREY)
    drawn.update_layout(barmode="stack")
    drawn.update_xaxes(type="category")
    return drawn


def sections(placed: pd.DataFrame, nines: pd.DataFrame) -> go.Figure:
    """On which hole the fixes of each section lie, larger where more do, and which sections each nine claims."""
    drawn = figure(x="section", y="hole")
    most = placed["fixes"].max() if len(placed) else 1
    for place, nine in enumerate(nines.itertuples(index=False)):
        drawn.add_vrect(
            x0=nine.section_start - 0.5,
            x1=nine.section_end + 0.5,
            fillcolor=SERIES[place % len(SERIES)],
            opacity=0.12,
            line_width=0,
            annotation_text=nine.unit_name,
            annotation_position="top left",
        )
    drawn.add_scatter(
        x=placed["section_number"],
        y=placed["hole_number"],
        mode="markers",
        marker={"size": 4 + 10 * (placed["fixes"].astype("float64") / float(most)) ** 0.5, "color": GREEN},
        customdata=placed[["fixes"]],
        hovertemplate="section %{x} on hole %{y}: %{customdata[0]:,} fixes<extra></extra>",
    )
    return drawn
