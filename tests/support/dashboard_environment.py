"""Tests that run in the dashboard's own environment, where Streamlit, plotly and a browser's driver are."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from tm_lakehouse.cli.target import project_root

INSIDE = Path(__file__).parents[1] / "dashboard" / "inside"


def run_inside(module: str, folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a module's tests to their end; all of them have to be there and to pass."""
    python = project_root() / ".runtime" / "dashboard_tests" / "bin" / "python"
    assert python.exists(), "run `make dashboard-tests-setup`"
    report = folder / "report.xml"
    command = [python, "-m", "pytest", "-q", "-c", "pytest.ini", "--rootdir", ".", "--junit-xml", report, module]

    done = subprocess.run(
        command, cwd=INSIDE, env=os.environ | (environment or {}), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    counts = ET.parse(report).find("testsuite").attrib
    assert int(counts["tests"]) > 0
    assert counts["skipped"] == "0", done.stdout
