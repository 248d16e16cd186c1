"""What a browser session shares with Streamlit: the lake, and what its queries have cost."""

from dataclasses import dataclass

import streamlit as st

from tm_lakehouse.athena import Athena
from tm_lakehouse.dashboard.lake import Answer, Lake
from tm_lakehouse.dashboard.statement import Databases, Statement
from tm_lakehouse.settings import Settings

_SPENT = "spent"


@dataclass
class Spent:
    """What this session's queries have cost."""

    queries: int = 0
    bytes_scanned: int = 0
    dollars: float = 0.0


def make_lake() -> Lake:
    """The lake that the environment names, under the role that it gives."""
    settings = Settings.from_environment()
    return Lake(Athena(settings.athena_workgroup), Databases.of(settings), settings.price_athena_tib)


def lake() -> Lake:
    """One for all sessions of this process."""
    kept: Lake = st.cache_resource(_made, show_spinner=False)()
    return kept


def _made() -> Lake:
    return make_lake()


def spent() -> Spent:
    """Of this session, to be added to."""
    found: Spent = st.session_state.setdefault(_SPENT, Spent())
    return found


def read(*statements: Statement) -> list[Answer]:
    """Ask the lake, and note what it cost."""
    with st.spinner("Asking Athena …", show_time=True):
        answers = lake().read(*statements)
    total = spent()
    for answer in answers:
        if not answer.is_kept:
            total.queries += 1
            total.bytes_scanned += answer.bytes_scanned
            total.dollars += answer.dollars
    return answers
