"""Puts plotly's script into the package's wheel: where a report is made, no plotly is installed."""

from importlib.metadata import distribution
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SCRIPT = "plotly/package_data/plotly.min.js"
PLACE = "tm_lakehouse/run_report/page/plotly.min.js"


class ChartScript(BuildHookInterface):
    """Of the plotly that pyproject.toml names. A checkout has no copy: there it is read where it is installed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds a wheel; an editable one is of version "editable"."""
        if version == "standard":
            build_data["force_include"][str(distribution("plotly").locate_file(SCRIPT))] = PLACE
