"""Pages on an Athena that the test scripts."""

import pytest
import streamlit as st
from scripted_lake import ScriptedAthena
from streamlit.testing.v1 import AppTest

from tm_lakehouse.dashboard import session
from tm_lakehouse.dashboard.lake import Lake
from tm_lakehouse.dashboard.statement import Databases

SECONDS = 30
SETTINGS = {
    "TM_BUCKET_LANDING": "l",
    "TM_BUCKET_SOURCE": "s",
    "TM_BUCKET_SERVE": "v",
    "TM_BUCKET_QUARANTINE": "q",
    "TM_BUCKET_OBSERVABILITY": "o",
    "TM_ICEBERG_WAREHOUSE_SILVER": "s3://s/warehouse",
    "TM_ICEBERG_WAREHOUSE_GOLD": "s3://v/warehouse",
    "TM_ATHENA_WORKGROUP": "lakehouse",
    "TM_ATHENA_RESULTS": "s3://o/athena-results/",
    "TM_GLUE_JOB_SILVER": "landing-to-silver",
}


@pytest.fixture
def athena(monkeypatch):
    """What all pages of a test ask; nothing of an earlier test is kept."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    scripted = ScriptedAthena()
    monkeypatch.setattr(session, "make_lake", lambda: Lake(scripted, Databases("silver", "gold", "observability"), 5.0))
    st.cache_resource.clear()
    st.cache_data.clear()
    return scripted


@pytest.fixture
def page(athena):
    """Open a page by its module's name, with the query of a link."""

    def open_page(name, **link):
        test = AppTest.from_function(_script, kwargs={"name": name}, default_timeout=SECONDS)
        for parameter, value in link.items():
            test.query_params[parameter] = value
        return test.run()

    return open_page


def _script(name):
    from importlib import import_module

    import_module(f"tm_lakehouse.dashboard.views.{name}").render()
    import_module("tm_lakehouse.dashboard.filters").remember()
