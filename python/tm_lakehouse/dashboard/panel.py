"""A chart with its data, its SQL and what it cost."""

import re
from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from tm_lakehouse.dashboard import told
from tm_lakehouse.dashboard.lake import Answer

# No logo, which is a link to somewhere else, and no buttons over the chart.
CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False}


def panel(
    title: str,
    draw: Callable[[], go.Figure],
    answers: Sequence[Answer],
    *,
    note: str = "",
    data: pd.DataFrame | None = None,
) -> None:
    """Draw a chart, and below it on demand its data as CSV and its SQL. `data` is what it shows, if not the answer."""
    shown = answers[0].frame if data is None else data
    _head(title, note)
    if shown.empty:
        st.info("Nothing to show for these filters.")
    else:
        st.plotly_chart(draw(), config=CONFIG, key=f"chart of {title}", alt=note or title)
    behind(title, answers, shown)


def table(
    title: str,
    answers: Sequence[Answer],
    *,
    note: str = "",
    data: pd.DataFrame | None = None,
    columns: dict[str, object] | None = None,
) -> None:
    """Show rows, and below them on demand the CSV and the SQL."""
    shown = answers[0].frame if data is None else data
    _head(title, note)
    if shown.empty:
        st.info("Nothing to show for these filters.")
    else:
        st.dataframe(shown, hide_index=True, column_config=columns, key=f"table of {title}")
    behind(title, answers, shown)


def behind(title: str, answers: Sequence[Answer], shown: pd.DataFrame) -> None:
    """The data and the SQL behind a chart, folded away."""
    with st.expander(f"Data and SQL: {told.cost(answers)}"):
        download(title, shown)
        for answer in answers:
            st.code(answer.sql, language="sql", wrap_lines=True)


def download(title: str, shown: pd.DataFrame) -> None:
    """A button that saves the rows as CSV."""
    st.download_button(
        "Download CSV",
        shown.to_csv(index=False).encode(),
        file_name=f"{re.sub('[^a-z0-9]+', '-', title.lower())}.csv",
        mime="text/csv",
        key=f"csv of {title}",
        on_click="ignore",
        icon=":material/download:",
    )


def metrics(*figures: tuple[str, str]) -> None:
    """Some numbers with their names, side by side where there is room."""
    with st.container(horizontal=True):
        for name, value in figures:
            st.metric(name, value, border=True)


def _head(title: str, note: str) -> None:
    st.subheader(title, anchor=False)
    if note:
        remark(note)


def remark(text: str) -> None:
    """Small print. Streamlit's own caption is too pale to read easily."""
    escaped = text.replace("[", "\\[").replace("]", "\\]")
    st.markdown(f":small[{escaped}]")
