"""What Streamlit runs: the pages, what goes wrong in them, and what the session has cost."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from botocore.exceptions import BotoCoreError, ClientError
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from tm_lakehouse.dashboard import filters, session, told
from tm_lakehouse.dashboard.panel import remark
from tm_lakehouse.dashboard.views import devices, overview, pace, quality, rounds, runs, seasons, shape
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.sizes import size

# A file of ours: a named icon would be fetched from elsewhere.
ICON = Path(__file__).with_name("flag.png")
PAGES = (
    (overview, "Courses", "courses", ":material/golf_course:"),
    (rounds, "Rounds", "rounds", ":material/route:"),
    (pace, "Pace and bottlenecks", "pace", ":material/timer:"),
    (seasons, "Seasons", "seasons", ":material/calendar_month:"),
    (shape, "Start holes and shape", "shape", ":material/map:"),
    (devices, "Device health", "devices", ":material/battery_alert:"),
    (quality, "Data quality", "quality", ":material/fact_check:"),
    (runs, "Runs and cost", "runs", ":material/payments:"),
)


def main() -> None:
    """Draw the page that the URL names."""
    st.set_page_config(page_title="TagMarshal lakehouse", page_icon=ICON, layout="wide")
    pages = [
        st.Page(module.render, title=title, url_path=path, icon=icon, default=module is overview)
        for module, title, path, icon in PAGES
    ]
    page = st.navigation(pages, position="hidden")
    menu = st.sidebar.empty()
    _draw_menu(menu, pages)
    try:
        page.run()
    except (LakehouseError, ClientError, BotoCoreError) as error:
        failure = told.failure(error)
        st.error(f"{failure.reason}\n\n{failure.next_step}", icon=":material/error:")
    # Anew: the reader may have chosen another course.
    _draw_menu(menu, pages)
    filters.remember()
    _sidebar()


def _draw_menu(place: DeltaGenerator, pages: Sequence[StreamlitPage]) -> None:
    """Links to the pages that take course and days along."""
    with place.container(gap="xsmall"):
        for each in pages:
            st.page_link(each, query_params=filters.shared(), width="stretch")


def _sidebar() -> None:
    spent = session.spent()
    with st.sidebar:
        remark(
            f"This session: {spent.queries} queries, {size(spent.bytes_scanned)} scanned, "
            f"{spent.dollars:.5f} dollars. Answers are kept for 15 minutes."
        )
        if st.button("Ask anew", icon=":material/refresh:", help="Forget the kept answers of everyone's sessions."):
            session.lake().forget()
            st.cache_data.clear()
            st.rerun()


if __name__ == "__main__":
    main()
