"""One plotly, whoever makes a report: the tools' environment has it, the package's wheel carries its script."""

import re
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.packaging.wheels import package_wheel
from tm_lakehouse.run_report import plotly_script

PROJECT = Path(__file__).parents[3]


def test_the_wheel_is_built_with_the_version_that_is_pinned():
    wanted = tomllib.loads((PROJECT / "pyproject.toml").read_text())["build-system"]["requires"]
    lock = (PROJECT / "requirements" / "tools.txt").read_text()
    pinned = re.search(r"^plotly==(\S+)", lock, flags=re.MULTILINE)[1]

    assert f"plotly=={pinned}" in wanted
    assert version("plotly") == pinned


def test_the_wheel_carries_the_script_and_what_the_page_is_made_of(tmp_path):
    with zipfile.ZipFile(package_wheel(PROJECT, tmp_path)) as wheel:
        script = wheel.read("tm_lakehouse/run_report/page/plotly.min.js")
        names = set(wheel.namelist())

    assert plotly_script.integrity(script) == plotly_script.packed_script().integrity
    own = {
        f"tm_lakehouse/run_report/page/{path.name}"
        for path in (PROJECT / "python/tm_lakehouse/run_report/page").iterdir()
    }
    assert own <= names


def test_a_missing_script_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.setattr(plotly_script, "_INSTALLED", "plotly/none.js")
    plotly_script.packed_script.cache_clear()
    try:
        with pytest.raises(LakehouseError, match="make setup"):
            plotly_script.packed_script()
    finally:
        plotly_script.packed_script.cache_clear()
